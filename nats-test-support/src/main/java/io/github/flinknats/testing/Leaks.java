// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a test left behind: client connections, consumers on its streams, client threads. What was
 * there before the test, the fixture's own connection, and consumers the test announced ({@link
 * TestStream#keepConsumer}) do not count. Closing takes a moment, so everything has until the
 * deadline to disappear.
 */
final class Leaks {

    /** Threads of clients: the client names them after the connection, or "nats" if it has none. */
    private static final List<String> THREAD_PREFIXES = List.of("nats", "jnats", "flink-nats");

    private final NatsServer server;
    private final Set<Long> connectionsBefore;
    private final Set<Thread> threadsBefore;

    private Leaks(NatsServer server) {
        this.server = server;
        this.connectionsBefore = new HashSet<>(server.monitor().connections().keySet());
        this.threadsBefore = clientThreads();
    }

    static Leaks before(NatsServer server) {
        return new Leaks(server);
    }

    /** Fails with the names of what is left after the limit. */
    void check(List<TestStream> streams, Duration limit) {
        server.resume(); // a paused server cannot be asked
        Await.until(
                "nothing left behind by the test",
                limit,
                () -> find(streams).isEmpty(),
                () -> String.join(", ", find(streams)));
    }

    private List<String> find(List<TestStream> streams) {
        List<String> found = new ArrayList<>();
        for (Thread thread : clientThreads()) {
            if (!threadsBefore.contains(thread)) {
                found.add("thread " + thread.getName());
            }
        }
        if (server.isAlive()) {
            addConnections(found);
            addConsumers(found, streams);
        }
        return found;
    }

    private void addConnections(List<String> found) {
        for (Map.Entry<Long, String> each : server.monitor().connections().entrySet()) {
            boolean known = connectionsBefore.contains(each.getKey());
            if (!known && !each.getValue().equals(ControlConnection.NAME)) {
                found.add("connection " + each.getValue());
            }
        }
    }

    private void addConsumers(List<String> found, List<TestStream> streams) {
        for (String consumer : server.consumers()) {
            String[] parts = consumer.split("/", 2);
            for (TestStream stream : streams) {
                if (stream.name().equals(parts[0]) && !stream.keeps(parts[1])) {
                    found.add("consumer " + consumer + " (or announce it: keepConsumer)");
                }
            }
        }
    }

    private static Set<Thread> clientThreads() {
        Set<Thread> threads = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            String name = thread.getName().toLowerCase(Locale.ROOT);
            if (THREAD_PREFIXES.stream().anyMatch(name::startsWith)) {
                threads.add(thread);
            }
        }
        return threads;
    }
}

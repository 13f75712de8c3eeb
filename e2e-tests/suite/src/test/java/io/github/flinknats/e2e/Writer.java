// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.PublishOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Publishes {"id": 0}, {"id": 1} ... one after the other in a thread of its own, round robin to
 * some subjects, until it is stopped. Every message is stored exactly once, also when the server
 * dies in between: each has an id, and is sent again until it is acknowledged.
 */
final class Writer {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Short: a request that is lost with the server is not answered, and is sent again. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

    private final Connection connection;
    private final JetStream jetStream;
    private final List<String> subjects;
    private final AtomicInteger written = new AtomicInteger();
    private final CompletableFuture<Void> end;
    private volatile boolean stopped;

    private Writer(Connection connection, List<String> subjects) throws IOException {
        this.connection = connection;
        this.jetStream =
                connection.jetStream(
                        JetStreamOptions.builder().requestTimeout(ANSWER_LIMIT).build());
        this.subjects = subjects;
        this.end = CompletableFuture.runAsync(this::run);
    }

    static Writer start(NatsServer server, TestStream stream, String... suffixes)
            throws IOException {
        return start(server.connect("app", FlinkTests.PASSWORD), stream, suffixes);
    }

    /** Writes over this connection, and closes it at the end. */
    static Writer start(Connection connection, TestStream stream, String... suffixes)
            throws IOException {
        return new Writer(
                connection,
                Arrays.stream(suffixes).map(stream::subject).collect(Collectors.toList()));
    }

    /** How many are stored. */
    int written() {
        return written.get();
    }

    /** Returns when it has written so many more. */
    void awaitMore(int count) {
        int wanted = written() + count;
        Await.until(
                count + " more messages written",
                LIMIT,
                () -> written() >= wanted,
                () -> written() + " written, " + end);
    }

    /** Returns how many were stored in all. */
    int stop() throws InterruptedException {
        stopped = true;
        end.join();
        connection.close();
        return written();
    }

    private void run() {
        while (!stopped) {
            int id = written();
            Await.until("message " + id + " stored", LIMIT, () -> published(id));
            written.incrementAndGet();
        }
    }

    /** Fails while the server is down. If it stored the message, it remembers the id. */
    private boolean published(int id) throws IOException, JetStreamApiException {
        byte[] payload = ("{\"id\": " + id + "}").getBytes(StandardCharsets.UTF_8);
        jetStream.publish(
                subjects.get(id % subjects.size()),
                payload,
                PublishOptions.builder().messageId("" + id).build());
        return true;
    }
}

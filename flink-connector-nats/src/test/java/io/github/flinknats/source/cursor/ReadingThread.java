// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.StreamApi;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A fetcher thread of a test: reads one split and keeps the payloads. */
final class ReadingThread implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final CursorGroup group;
    private final Thread thread;
    private final List<String> read = new ArrayList<>();
    private volatile boolean closing;
    private volatile boolean blocked;
    private volatile boolean finished;
    private volatile Throwable failure;

    private ReadingThread(ConnectionSettings connection, ReadSettings settings, NatsSplit split) {
        this.group = new CursorGroup(connection, settings);
        group.add(split);
        this.thread = new Thread(this::run, "reading-thread");
        thread.setDaemon(true);
        thread.start();
    }

    /** Reads all of a stream by way of a URL, which may be a proxy's. */
    static ReadingThread start(String url, NatsServer server, TestStream stream) {
        return start(ConnectionSettings.of(url), ReadSettings.defaults(), server, stream);
    }

    static ReadingThread start(
            ConnectionSettings connection,
            ReadSettings settings,
            NatsServer server,
            TestStream stream) {
        return start(connection, settings, splitOf(server, stream));
    }

    static ReadingThread start(
            ConnectionSettings connection, ReadSettings settings, NatsSplit split) {
        return new ReadingThread(connection, settings, split);
    }

    static NatsSplit splitOf(NatsServer server, TestStream stream) {
        return splitOf(ConnectionSettings.of(server.url()), stream);
    }

    static NatsSplit splitOf(ConnectionSettings connection, TestStream stream) {
        try (NatsClient client = NatsClient.connect(connection, NatsClient.Listener.NONE, true)) {
            StreamFacts facts = StreamApi.await(client.streams().info(stream.name()));
            return NatsSplit.of(facts.identity(), Collections.emptyList(), SequenceRange.from(1));
        }
    }

    private void run() {
        try {
            while (!closing && !finished) {
                group.await();
                if (!blocked) {
                    takeAll();
                } else {
                    Await.until("unblocked", LIMIT.multipliedBy(3), () -> !blocked || closing);
                }
            }
        } catch (Throwable t) {
            failure = t;
        } finally {
            group.close();
        }
    }

    private void takeAll() {
        for (StreamCursor cursor : group.cursors()) {
            MessageBatch batch = cursor.take();
            if (batch != null) {
                for (MessageView m = batch.next(); m != null; m = batch.next()) {
                    add(new String(m.payload(), StandardCharsets.UTF_8));
                }
            }
            finished = cursor.isFinished();
        }
    }

    private synchronized void add(String payload) {
        read.add(payload);
    }

    synchronized List<String> read() {
        return new ArrayList<>(read);
    }

    synchronized int count() {
        return read.size();
    }

    Throwable failure() {
        return failure;
    }

    /** Stops taking, as a blocked pipeline does. */
    void block(boolean block) {
        blocked = block;
    }

    void awaitCount(int count) {
        Await.until(
                count + " messages",
                LIMIT,
                () -> count() >= count || failure != null,
                () -> count() + " read, failure " + failure);
        assertThat(failure).isNull();
    }

    Throwable awaitFailure() {
        Await.until("a failure", LIMIT, () -> failure != null, () -> count() + " read");
        return failure;
    }

    /** Closes and says how long it took. */
    Duration timedClose() {
        long begin = System.nanoTime();
        close();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Override
    public void close() {
        closing = true;
        group.wakeUp();
        Await.until("closed", LIMIT, () -> !thread.isAlive());
    }
}

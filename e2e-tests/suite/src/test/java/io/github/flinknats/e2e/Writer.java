// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.TestStream;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes {"id": 0}, {"id": 1} ... one after the other in a thread of its own, round robin to
 * some subjects, until it is stopped. Every message is stored exactly once, also when the server
 * dies in between: each has an id, and is sent again until it is acknowledged.
 */
final class Writer {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestStream stream;
    private final String[] suffixes;
    private final AtomicInteger written = new AtomicInteger();
    private final CompletableFuture<Void> end;
    private volatile boolean stopped;

    private Writer(TestStream stream, String[] suffixes) {
        this.stream = stream;
        this.suffixes = suffixes;
        this.end = CompletableFuture.runAsync(this::run);
    }

    static Writer start(TestStream stream, String... suffixes) {
        return new Writer(stream, suffixes);
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
    int stop() {
        stopped = true;
        end.join();
        return written();
    }

    private void run() {
        while (!stopped) {
            int id = written();
            Await.until("message " + id + " stored", LIMIT, () -> published(id));
            written.incrementAndGet();
        }
    }

    private boolean published(int id) {
        Headers headers = new Headers().put("Nats-Msg-Id", "" + id);
        try {
            stream.publish(suffixes[id % suffixes.length], headers, "{\"id\": " + id + "}");
            return true;
        } catch (AssertionError | RuntimeException e) {
            return false; // the server is down; it remembers the id if it had stored the message
        }
    }
}

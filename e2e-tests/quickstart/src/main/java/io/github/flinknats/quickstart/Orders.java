// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.quickstart;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A NATS server with the stream ORDERS: messages of 100 orders at the start, then one more order
 * every half second. An order is placed, paid when 20 more were placed, and shipped after another
 * 20; each of these is a message. The first messages are the same every time, so that what queries
 * make of them can be checked.
 *
 * <p>Prints "ready", the server's address and the last sequence of the first messages, then runs
 * until it is killed.
 */
public final class Orders {

    private static final int FIRST_ORDERS = 100;
    private static final int ORDERS_TO_NEXT_STEP = 20;
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final int CUSTOMERS = 7;

    private final TestStream stream;
    private int last;

    private Orders(TestStream stream) {
        this.stream = stream;
    }

    public static void main(String[] args) throws InterruptedException, ExecutionException {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (NatsServer server = NatsServer.start()) {
            Orders orders =
                    new Orders(
                            TestStream.create(
                                    server,
                                    stream ->
                                            stream.name("ORDERS")
                                                    .subjects("orders.*.*")
                                                    .maxMessages(1_000_000)));
            Instant start = Instant.ofEpochMilli(System.currentTimeMillis());
            for (int i = FIRST_ORDERS; i > 0; i--) {
                orders.next(start.minus(PERIOD.multipliedBy(i)));
            }
            System.out.println("ready " + server.url() + " " + orders.stream.lastSequence());
            ScheduledFuture<?> publishing =
                    timer.scheduleAtFixedRate(
                            () -> orders.next(Instant.ofEpochMilli(System.currentTimeMillis())),
                            0,
                            PERIOD.toMillis(),
                            TimeUnit.MILLISECONDS);
            publishing.get();
        } finally {
            timer.shutdownNow();
        }
    }

    /** The next order, and what happens to earlier ones by that. */
    private void next(Instant now) {
        last++;
        publish(last, "placed", now);
        publish(last - ORDERS_TO_NEXT_STEP, "paid", now);
        publish(last - 2 * ORDERS_TO_NEXT_STEP, "shipped", now);
    }

    private void publish(int id, String status, Instant now) {
        if (id < 1) {
            return; // no order is that old yet
        }
        String region = id % 3 == 0 ? "us" : "eu";
        stream.publishTo(
                "orders." + region + "." + id,
                String.format(
                        Locale.ROOT,
                        "{\"id\": %d, \"region\": \"%s\", \"customer\": \"customer-%d\", \"amount\":"
                                + " %d.50, \"status\": \"%s\", \"event_time\": \"%s\"}",
                        id,
                        region,
                        id % CUSTOMERS + 1,
                        10 + id * 37 % 90,
                        status,
                        now));
    }
}

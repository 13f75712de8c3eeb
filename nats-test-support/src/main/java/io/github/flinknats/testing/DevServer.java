// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A server with orders coming in, to try the connector by hand or with a debugger: start {@code
 * main} from the IDE, copy the table it prints. Argument: the port (default 4222). Ends with Ctrl-C
 * and keeps nothing.
 */
public final class DevServer implements AutoCloseable {

    private static final int DEFAULT_PORT = 4222;
    private static final long PERIOD_MILLIS = 200;
    private static final List<String> REGIONS = List.of("eu", "us", "asia");
    private static final int CUSTOMERS = 20;

    private final NatsServer server;
    private final TestStream orders;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Random random = new Random(42); // the same orders every time
    private int number;

    private DevServer(NatsServer server) {
        this.server = server;
        this.orders =
                TestStream.create(
                        server,
                        builder ->
                                builder.name("ORDERS").subjects("orders.>").maxMessages(1_000_000));
    }

    public static void main(String[] args) throws InterruptedException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_PORT;
        try (DevServer dev = start(port)) {
            System.out.println(dev.greeting());
            dev.run();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot publish orders any more", e.getCause());
        }
    }

    static DevServer start(int port) {
        return new DevServer(NatsServer.builder().port(port).start());
    }

    String greeting() {
        return String.join(
                "\n",
                "Stream ORDERS on "
                        + server.url()
                        + ", "
                        + 1000 / PERIOD_MILLIS
                        + " orders a second:",
                "",
                "CREATE TABLE orders (",
                "  id BIGINT,",
                "  customer STRING,",
                "  region STRING,",
                "  amount DECIMAL(10, 2),",
                "  ordered_at TIMESTAMP_LTZ(3),",
                "  WATERMARK FOR ordered_at AS ordered_at - INTERVAL '1' SECOND",
                ") WITH (",
                "  'connector' = 'nats',",
                "  'nats.server-url' = '" + server.url() + "',",
                "  'nats.subject' = 'orders.>',",
                "  'format' = 'json',",
                "  'json.timestamp-format.standard' = 'ISO-8601'",
                ");",
                "",
                "Ctrl-C ends it.");
    }

    /** Publishes until this thread is interrupted or publishing fails. */
    void run() throws InterruptedException, ExecutionException {
        ScheduledFuture<?> publishing =
                timer.scheduleAtFixedRate(this::publish, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        publishing.get();
    }

    private void publish() {
        number++;
        String region = REGIONS.get(random.nextInt(REGIONS.size()));
        orders.publishTo("orders." + region + "." + number, order(region));
    }

    private String order(String region) {
        return String.format(
                Locale.ROOT,
                "{\"id\": %d, \"customer\": \"customer-%d\", \"region\": \"%s\", \"amount\": %.2f,"
                        + " \"ordered_at\": \"%s\"}",
                number,
                random.nextInt(CUSTOMERS),
                region,
                1 + random.nextDouble() * 100,
                Instant.ofEpochMilli(System.currentTimeMillis()));
    }

    TestStream orders() {
        return orders;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        server.close();
    }
}

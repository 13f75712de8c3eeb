// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What goes on around {@code docs/examples/bucket-join.sql} while it runs: prices and sales change,
 * and the bucket of revenues must say what the two add up to. All by the client's key-value API.
 */
public final class BucketJoinStory implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Connection connection;
    private final TestStream sales;
    private final KeyValue prices;
    private final KeyValue revenue;

    private BucketJoinStory(NatsServer server) throws IOException, JetStreamApiException {
        connection = server.connect();
        sales = TestStream.create(server, stream -> stream.name("SALES").subjects("sales.>"));
        prices = bucket("prices");
        revenue = bucket("revenue");
    }

    private KeyValue bucket(String name) throws IOException, JetStreamApiException {
        connection
                .keyValueManagement()
                .create(KeyValueConfiguration.builder().name(name).maxHistoryPerKey(5).build());
        return connection.keyValue(name);
    }

    /** Makes the buckets and the stream. */
    public static BucketJoinStory begin(NatsServer server)
            throws IOException, JetStreamApiException {
        return new BucketJoinStory(server);
    }

    /** The statements of the script, in order; the last one is the job. */
    public static List<String> statements(Path projectRoot, String serverOptions)
            throws IOException {
        String script =
                Files.readString(projectRoot.resolve("docs/examples/bucket-join.sql"))
                        .replaceAll("(?m)^--.*\n", "")
                        .replace("'nats.server-url' = 'localhost:4222'", serverOptions);
        List<String> statements = new ArrayList<>();
        for (String statement : script.split(";\\s*\n")) {
            if (!statement.isBlank()) {
                statements.add(statement.strip());
            }
        }
        return statements;
    }

    /** Before the job is stopped. */
    public void untilTheSavepoint() throws IOException, JetStreamApiException {
        price("apple", 2.0);
        price("fruit.pear", 3.0);
        sell("apple", 1);
        await("apple", "1 2.0");
        sell("apple", 2);
        sell("fruit.pear", 4);
        sell("plum", 9);
        await("apple", "3 6.0", "fruit.pear", "4 12.0");
        price("apple", 2.5);
        await("apple", "3 7.5", "fruit.pear", "4 12.0");
    }

    /** The job is stopped, or still starts. */
    public void whileItIsDown() throws IOException, JetStreamApiException {
        prices.delete("fruit.pear");
        sell("apple", 1);
        price("plum", 1.0);
    }

    /** After the job has gone on. */
    public void afterTheSavepoint() throws IOException, JetStreamApiException {
        await("apple", "4 10.0", "plum", "9 9.0");
        price("fruit.pear", 1.0);
        await("apple", "4 10.0", "fruit.pear", "4 4.0", "plum", "9 9.0");
        prices.purge("apple");
        await("fruit.pear", "4 4.0", "plum", "9 9.0");
        sell("fruit.pear", 6);
        await("fruit.pear", "10 10.0", "plum", "9 9.0");
    }

    private void price(String item, double price) throws IOException, JetStreamApiException {
        prices.put(item, "{\"price\":" + price + "}");
    }

    private void sell(String item, int quantity) {
        sales.publishTo("sales." + item, "{\"quantity\":" + quantity + "}");
    }

    /** Items, each with quantity and revenue. */
    private void await(String... expected) {
        Map<String, String> table = new TreeMap<>();
        for (int i = 0; i < expected.length; i += 2) {
            String[] sums = expected[i + 1].split(" ");
            table.put(
                    expected[i],
                    "{\"item\":\""
                            + expected[i]
                            + "\",\"quantity\":"
                            + sums[0]
                            + ",\"revenue\":"
                            + sums[1]
                            + "}");
        }
        Await.until(
                "the revenues are " + table,
                LIMIT,
                () -> revenues().equals(table),
                () -> revenues().toString());
    }

    private Map<String, String> revenues() {
        try {
            Map<String, String> table = new TreeMap<>();
            for (String key : revenue.keys()) {
                KeyValueEntry entry = revenue.get(key);
                if (entry != null && entry.getOperation() == KeyValueOperation.PUT) {
                    byte[] value = entry.getValue();
                    table.put(key, value == null ? "" : new String(value, StandardCharsets.UTF_8));
                }
            }
            return table;
        } catch (IOException | JetStreamApiException e) {
            throw new AssertionError("cannot read the bucket", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while reading the bucket", e);
        }
    }

    @Override
    public void close() throws IOException, JetStreamApiException {
        connection.keyValueManagement().delete("prices");
        connection.keyValueManagement().delete("revenue");
        sales.delete();
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

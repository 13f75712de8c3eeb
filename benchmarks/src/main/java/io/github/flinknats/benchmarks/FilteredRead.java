// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * One subject of 10,000, picked by a predicate: with the predicate at the server, and with all
 * messages read for Flink to check, in turn. Arguments: messages, rounds.
 */
public final class FilteredRead {
    private static final int SUBJECTS = 10_000;
    private static final int WANTED = 7_777;

    private FilteredRead() {}

    public static void main(String[] args) throws Exception {
        int messages = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        try (NatsServer server = NatsServer.start()) {
            TestStream stream = TestStream.create(server);
            System.out.println("Publishing " + messages + " messages of 180 bytes…");
            String pad = "x".repeat(150);
            stream.publishMany(
                    i -> "" + i % SUBJECTS,
                    0,
                    messages,
                    i -> String.format("{\"number\":%d,\"note\":\"%s\"}", i, pad));
            List<List<double[]>> results = List.of(new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round <= rounds; round++) {
                for (int way = 0; way < 2; way++) {
                    double[] result = measure(server, stream, messages, way == 0);
                    if (round > 0) { // The first round warms up.
                        results.get(way).add(result);
                    }
                    System.out.printf(
                            "round %d  %s  %.2f s, client %.2f s, server %.2f s%n",
                            round, name(way), result[0], result[1], result[2]);
                }
            }
            System.out.printf(
                    "%nMedians of %d rounds, %,d of %,d messages, %d processors%n%n",
                    rounds,
                    messages / SUBJECTS,
                    messages,
                    Runtime.getRuntime().availableProcessors());
            System.out.println("| way | query s | client CPU s | server CPU s |");
            System.out.println("|---|---|---|---|");
            for (int way = 0; way < 2; way++) {
                System.out.printf(
                        "| %s | %.2f | %.2f | %.2f |%n",
                        name(way),
                        median(results.get(way), 0),
                        median(results.get(way), 1),
                        median(results.get(way), 2));
            }
        }
    }

    private static String name(int way) {
        return way == 0 ? "predicate at the server" : "all read, Flink checks";
    }

    /** Seconds of the query from its submission to its end, of our CPU and of the server's. */
    private static double[] measure(
            NatsServer server, TestStream stream, int messages, boolean pushed) throws Exception {
        AtomicLong rows = new AtomicLong();
        MeasuringSinkFactory.ON_ROW.set(rows::incrementAndGet);
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "1");
        TableEnvironment tables =
                TableEnvironment.create(
                        EnvironmentSettings.newInstance()
                                .inStreamingMode()
                                .withConfiguration(configuration)
                                .build());
        tables.executeSql(
                "CREATE TABLE s (id INT, number BIGINT, note STRING) WITH ('connector'='nats',"
                        + "'nats.server-url'='"
                        + server.hostPort()
                        + "','nats.subject'='"
                        + stream.subject("{id}")
                        + "','format'='json',"
                        + "'scan.bounded.mode'='latest')");
        tables.executeSql(
                "CREATE TABLE m (id INT, number BIGINT, note STRING)"
                        + " WITH ('connector' = 'measure')");
        System.gc();
        CpuClock before = CpuClock.now();
        long begin = System.nanoTime();
        // A function of the column is one that the connector does not look through.
        String column = pushed ? "id" : "MOD(id, " + SUBJECTS + ")";
        tables.executeSql("INSERT INTO m SELECT * FROM s WHERE " + column + " = " + WANTED).await();
        double seconds = (System.nanoTime() - begin) / 1e9;
        CpuClock after = CpuClock.now();
        if (rows.get() != messages / SUBJECTS) {
            throw new IllegalStateException(rows + " rows instead of " + messages / SUBJECTS);
        }
        return new double[] {
            seconds,
            after.clientMicrosSince(before, 1) / 1e6,
            after.serverMicrosSince(before, 1) / 1e6
        };
    }

    private static double median(List<double[]> results, int figure) {
        double[] sorted = results.stream().mapToDouble(r -> r[figure]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}

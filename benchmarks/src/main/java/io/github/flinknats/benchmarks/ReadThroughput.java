// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one file stream by SQL ({@code raw}, {@code json}), by the connector's cursors alone and by
 * the fastest plain loop of the client, in turn. Arguments: messages, rounds, and a part of the
 * name of the ways to measure, for a profile of one of them.
 */
public final class ReadThroughput {
    private ReadThroughput() {}

    public static void main(String[] args) throws Exception {
        int messages = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        String wanted = args.length > 2 ? args[2] : "";
        try (NatsServer server = NatsServer.start()) {
            TestStream stream = TestStream.create(server);
            System.out.println("Publishing " + messages + " messages of 186 bytes…");
            stream.publishMany("orders", 0, messages, ReadThroughput::order);
            List<Rival> rivals = new ArrayList<>(rivals(server, stream, messages));
            rivals.removeIf(rival -> !rival.name().contains(wanted));
            compare(rivals, messages, rounds);
        }
    }

    private static String order(int i) {
        String head =
                "{\"id\":" + i + ",\"region\":\"eu\",\"amount\":" + (i % 1000) + ".25,\"note\":\"";
        char[] pad = new char[Math.max(0, 184 - head.length())];
        Arrays.fill(pad, 'x');
        return head + new String(pad) + "\"}";
    }

    private static List<Rival> rivals(NatsServer server, TestStream stream, int messages) {
        String options =
                "'connector'='nats','nats.server-url'='"
                        + server.hostPort()
                        + "','nats.subject'='"
                        + stream.subjects()
                        + "','scan.bounded.mode'='latest'";
        return List.of(
                new PlainLoop(server.url(), stream.name()),
                new CursorRead(ConnectionSettings.of(server.url()), stream.name(), messages),
                new SqlRead("SQL raw", "payload BYTES", options + ",'format'='raw'"),
                new SqlRead(
                        "SQL raw + metadata",
                        "payload BYTES, subject STRING METADATA, sequence BIGINT METADATA",
                        options + ",'format'='raw'"),
                new SqlRead(
                        "SQL json",
                        "id INT, region STRING, amount DECIMAL(10, 2), note STRING",
                        options + ",'format'='json'"));
    }

    private static void compare(List<Rival> rivals, int messages, int rounds) throws Exception {
        List<List<double[]>> results = new ArrayList<>();
        rivals.forEach(rival -> results.add(new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) {
            for (int i = 0; i < rivals.size(); i++) {
                Rival rival = rivals.get(i);
                double[] result = measure(rival, messages);
                if (round > 0) { // The first round warms up.
                    results.get(i).add(result);
                }
                System.out.printf(
                        "round %d  %-20s %,10.0f/s  client %.2f us  server %.2f us%n",
                        round, rival.name(), result[0], result[1], result[2]);
            }
        }
        double base = median(results.get(0), 0);
        System.out.printf(
                "%nMedians of %d rounds, %,d messages of 186 bytes, file stream, %d processors%n%n",
                rounds, messages, Runtime.getRuntime().availableProcessors());
        System.out.println("| way | rows/s | ratio | client us/msg | server us/msg | spread |");
        System.out.println("|---|---|---|---|---|---|");
        for (int i = 0; i < rivals.size(); i++) {
            Rival rival = rivals.get(i);
            List<double[]> of = results.get(i);
            System.out.printf(
                    "| %s | %,.0f | %.2f | %.2f | %.2f | %,.0f..%,.0f |%n",
                    rival.name(),
                    median(of, 0),
                    median(of, 0) / base,
                    median(of, 1),
                    median(of, 2),
                    of.stream().mapToDouble(r -> r[0]).min().orElse(0),
                    of.stream().mapToDouble(r -> r[0]).max().orElse(0));
        }
    }

    private static double[] measure(Rival rival, int messages) throws Exception {
        System.gc();
        Meter meter = new Meter(messages);
        CpuClock before = CpuClock.now();
        rival.read(meter);
        CpuClock after = CpuClock.now();
        return new double[] {
            meter.perSecond(),
            after.clientMicrosSince(before, messages),
            after.serverMicrosSince(before, messages)
        };
    }

    private static double median(List<double[]> results, int figure) {
        double[] sorted = results.stream().mapToDouble(r -> r[figure]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.FutureTask;
import org.apache.flink.connector.base.DeliveryGuarantee;

/**
 * Writes messages into an empty file stream by the fastest plain loop of the client, by the
 * connector's publisher alone and by its sink with each guarantee, in turn; with {@code rivals}, by
 * other connectors, too. Arguments: messages, rounds, messages per second (0 for as many as
 * possible), and parts of the names of the ways to measure, with commas between them.
 */
public final class WriteThroughput {
    private WriteThroughput() {}

    public static void main(String[] args) throws Exception {
        long messages = args.length > 0 ? Long.parseLong(args[0]) : 500_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int rate = args.length > 2 ? Integer.parseInt(args[2]) : 0;
        String[] wanted = args.length > 3 ? args[3].split(",") : new String[] {""};
        Path checkpoints = Files.createTempDirectory("benchmark-checkpoints");
        List<WriteRival> rivals = new ArrayList<>(rivals(checkpoints));
        for (OtherConnectors others : ServiceLoader.load(OtherConnectors.class)) {
            rivals.addAll(others.start(checkpoints));
        }
        List<WriteRival> measured = new ArrayList<>(rivals);
        measured.removeIf(rival -> !isWanted(rival, wanted));
        try (NatsServer server = NatsServer.start()) {
            compare(server, measured, messages, rounds, rate);
        } finally {
            for (WriteRival rival : rivals) {
                rival.close();
            }
        }
    }

    private static boolean isWanted(WriteRival rival, String[] parts) {
        for (String part : parts) {
            if (rival.name().contains(part)) {
                return true;
            }
        }
        return false;
    }

    private static List<WriteRival> rivals(Path checkpoints) {
        return List.of(
                new WriteLoop(),
                new PublisherWrite(),
                new SinkWrite(
                        "sink, at least once", DeliveryGuarantee.AT_LEAST_ONCE, false, checkpoints),
                new SinkWrite(
                        "sink, exactly once, batches",
                        DeliveryGuarantee.EXACTLY_ONCE,
                        true,
                        checkpoints),
                new SinkWrite(
                        "sink, exactly once, singly",
                        DeliveryGuarantee.EXACTLY_ONCE,
                        false,
                        checkpoints));
    }

    private static void compare(
            NatsServer server, List<WriteRival> rivals, long messages, int rounds, int rate)
            throws Exception {
        List<List<double[]>> results = new ArrayList<>();
        rivals.forEach(rival -> results.add(new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) {
            for (int i = 0; i < rivals.size(); i++) {
                WriteRival rival = rivals.get(i);
                double[] result = measure(server, rival, messages, rate);
                if (round > 0) { // The first round warms up.
                    results.get(i).add(result);
                }
                System.out.printf(
                        "round %d  %-28s %,10.0f/s  client %.2f us  server %.2f us%n",
                        round, rival.name(), result[0], result[1], result[2]);
            }
        }
        System.out.printf(
                "%nMedians of %d rounds, %,d messages of 186 bytes%s, file stream, %d processors%n%n",
                rounds,
                messages,
                rate > 0 ? String.format(" at %,d/s", rate) : "",
                Runtime.getRuntime().availableProcessors());
        System.out.println("| way | rows/s | ratio | client us/msg | server us/msg | spread |");
        System.out.println("|---|---|---|---|---|---|");
        double base = median(results.get(0), 0);
        for (int i = 0; i < rivals.size(); i++) {
            List<double[]> of = results.get(i);
            System.out.printf(
                    "| %s | %,.0f | %.2f | %.2f | %.2f | %,.0f..%,.0f |%n",
                    rivals.get(i).name(),
                    median(of, 0),
                    median(of, 0) / base,
                    median(of, 1),
                    median(of, 2),
                    of.stream().mapToDouble(r -> r[0]).min().orElse(0),
                    of.stream().mapToDouble(r -> r[0]).max().orElse(0));
        }
    }

    private static double[] measure(NatsServer server, WriteRival rival, long messages, int rate)
            throws Exception {
        System.gc();
        TestStream stream = TestStream.create(server, rival::configure);
        try {
            WriteRun run = new WriteRun(server.url(), stream, rival.share(messages), rate);
            FutureTask<Void> writing =
                    new FutureTask<>(
                            () -> {
                                rival.write(run);
                                return null;
                            });
            new Thread(writing, "write").start();
            double[] result = run.result(writing);
            writing.get();
            return result;
        } finally {
            stream.delete();
        }
    }

    private static double median(List<double[]> results, int index) {
        double[] sorted = results.stream().mapToDouble(r -> r[index]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * {@code INSERT INTO out SELECT payload FROM in} with default options at a steady rate: the time
 * from before a message is published into one stream until it comes out of the other to a
 * subscriber. Arguments: messages per second, seconds, seconds before that do not count.
 */
public final class PipelineLatency {
    private PipelineLatency() {}

    @SuppressWarnings("try")
    public static void main(String[] args) throws Exception {
        int rate = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        int warmUp = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        try (NatsServer server = NatsServer.start();
                Connection publisher = server.connect();
                Connection subscriber = server.connect()) {
            TestStream in = TestStream.create(server);
            TestStream out = TestStream.create(server);
            TableResult job = start(server, in, out);
            Arrivals arrivals = new Arrivals(rate * (seconds + warmUp));
            Dispatcher dispatcher =
                    subscriber.createDispatcher(message -> arrivals.add(message.getData()));
            dispatcher.subscribe(out.subject("all"));
            publish(publisher, in.subject("all"), rate, arrivals.count());
            if (!arrivals.complete.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException(arrivals.next.get() + " messages came through");
            }
            arrivals.print(rate, rate * warmUp);
            job.getJobClient().orElseThrow().cancel().get();
        }
    }

    private static TableResult start(NatsServer server, TestStream in, TestStream out)
            throws Exception {
        Path checkpoints = Files.createTempDirectory("benchmark-checkpoints");
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "1");
        configuration.setString("execution.checkpointing.interval", "1 s");
        configuration.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
        TableEnvironment tables =
                TableEnvironment.create(
                        EnvironmentSettings.newInstance()
                                .inStreamingMode()
                                .withConfiguration(configuration)
                                .build());
        tables.executeSql(table("source", server, in));
        tables.executeSql(table("target", server, out));
        return tables.executeSql("INSERT INTO target SELECT payload FROM source");
    }

    private static String table(String name, NatsServer server, TestStream stream) {
        return String.format(
                "CREATE TABLE %s (payload BYTES) WITH ('connector'='nats','nats.server-url'='%s',"
                        + "'nats.subject'='%s','format'='raw')",
                name, server.hostPort(), stream.subject("all"));
    }

    /** Five at a time, or so: a thread cannot wake up more often than it is allowed to. */
    private static void publish(Connection connection, String subject, int rate, int count) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + (long) (i * 1e9 / rate);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            byte[] payload = new byte[186];
            ByteBuffer.wrap(payload).putLong(System.nanoTime());
            connection.publish(subject, payload);
        }
    }

    private static final class Arrivals {
        private final long[] nanos;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch complete = new CountDownLatch(1);

        Arrivals(int count) {
            this.nanos = new long[count];
        }

        int count() {
            return nanos.length;
        }

        void add(byte[] payload) {
            long took = System.nanoTime() - ByteBuffer.wrap(payload).getLong();
            int at = next.getAndIncrement();
            nanos[at] = took;
            if (at == nanos.length - 1) {
                complete.countDown();
            }
        }

        void print(int rate, int from) {
            long[] sorted = Arrays.copyOfRange(nanos, from, nanos.length);
            Arrays.sort(sorted);
            System.out.printf(
                    "%d msg/s: median %.2f ms, 99 %% within %.2f ms, 99.9 %% within %.2f ms,"
                            + " slowest %.2f ms, of %,d%n",
                    rate,
                    sorted[sorted.length / 2] / 1e6,
                    sorted[(int) (sorted.length * 0.99)] / 1e6,
                    sorted[(int) (sorted.length * 0.999)] / 1e6,
                    sorted[sorted.length - 1] / 1e6,
                    sorted.length);
        }
    }
}

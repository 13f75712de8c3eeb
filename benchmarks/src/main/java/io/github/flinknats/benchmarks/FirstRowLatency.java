// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.api.TableResult;

/**
 * How long a message of a quiet stream takes from publish to the sink's row, the publisher's
 * acknowledgement included. Arguments: samples.
 */
public final class FirstRowLatency {
    private FirstRowLatency() {}

    public static void main(String[] args) throws Exception {
        int samples = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        try (NatsServer server = NatsServer.start()) {
            TestStream stream = TestStream.create(server);
            SqlRead sql =
                    new SqlRead(
                            "SQL raw",
                            "payload BYTES",
                            "'connector'='nats','nats.server-url'='"
                                    + server.hostPort()
                                    + "','nats.subject'='"
                                    + stream.subjects()
                                    + "','format'='raw'");
            BlockingQueue<Long> arrivals = new LinkedBlockingQueue<>();
            TableResult job = sql.start(() -> arrivals.add(System.nanoTime()));
            stream.publish("quiet", "the job is up when this arrives");
            arrivals.take();
            long[] micros = new long[samples];
            for (int i = 0; i < samples; i++) {
                TimeUnit.MILLISECONDS.sleep(20); // Quiet again: this is what is measured.
                long begin = System.nanoTime();
                stream.publish("quiet", "x");
                micros[i] = (arrivals.take() - begin) / 1_000;
            }
            job.getJobClient().orElseThrow().cancel().get();
            Arrays.sort(micros);
            System.out.printf(
                    "First row of a quiet stream after publish: p50 %.2f ms, p99 %.2f ms, max %.2f"
                            + " ms (%d samples)%n",
                    micros[samples / 2] / 1e3,
                    micros[samples * 99 / 100] / 1e3,
                    micros[samples - 1] / 1e3,
                    samples);
        }
    }
}

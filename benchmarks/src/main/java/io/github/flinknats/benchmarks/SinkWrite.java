// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.record.OutgoingRecord;
import io.github.flinknats.sink.NatsSink;
import io.github.flinknats.sink.NatsSinkBuilder;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Path;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** A Flink job of numbers into {@link NatsSink}: payloads are ready, no format takes part. */
public final class SinkWrite implements WriteRival {
    private final String name;
    private final DeliveryGuarantee guarantee;
    private final boolean atomic;
    private final Path checkpoints;

    SinkWrite(String name, DeliveryGuarantee guarantee, boolean atomic, Path checkpoints) {
        this.name = name;
        this.guarantee = guarantee;
        this.atomic = atomic;
        this.checkpoints = checkpoints;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void configure(StreamConfiguration.Builder stream) {
        if (atomic) {
            stream.allowAtomicPublish();
        }
    }

    @Override
    public void write(WriteRun run) throws Exception {
        NatsSinkBuilder<Long> sink =
                NatsSink.<Long>builder()
                        .setConnection(ConnectionSettings.of(run.url()))
                        .setDeliveryGuarantee(guarantee)
                        .setSerializer(new Ready(run.subject()));
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            sink.setSinkId("benchmark");
        }
        execute(run, checkpoints, sink.build());
    }

    /** Runs a job of one subtask with checkpoints every second. */
    public static void execute(WriteRun run, Path checkpoints, Sink<Long> sink) throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "1");
        configuration.setString("execution.checkpointing.interval", "1 s");
        configuration.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
        StreamExecutionEnvironment job =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        job.fromSequence(0, run.messages() - 1).sinkTo(sink);
        job.execute("write");
    }

    private static final class Ready implements NatsRecordSerializer<Long> {
        private static final long serialVersionUID = 1L;

        private final String subject;
        private transient @Nullable WriteRun run;

        Ready(String subject) {
            this.subject = subject;
        }

        @Override
        public OutgoingRecord serialize(Long number) {
            WriteRun known = run;
            if (known == null) {
                known = WriteRun.current();
                run = known;
            }
            return OutgoingRecord.of(subject, known.payload(number));
        }
    }
}

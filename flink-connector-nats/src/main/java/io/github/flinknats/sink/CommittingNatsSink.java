// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.sink.commit.CommitRunner;
import io.github.flinknats.sink.committer.CommitSerializer;
import io.github.flinknats.sink.committer.NatsCommitter;
import io.github.flinknats.sink.config.WriteSettings;
import io.github.flinknats.sink.writer.StagingWriter;
import io.github.flinknats.sink.writer.WriterFactory;
import java.io.IOException;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreWriteTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The sink that writes exactly once: messages are kept until their checkpoint is complete. */
final class CommittingNatsSink<T> extends NatsSink<T>
        implements SupportsCommitter<Commit>, SupportsPreWriteTopology<T> {
    private static final long serialVersionUID = 1L;

    private final boolean checkpointsRequired;

    CommittingNatsSink(
            ConnectionSettings connection,
            WriteSettings settings,
            NatsRecordSerializer<T> serializer,
            String subject,
            boolean checkpointsRequired) {
        super(connection, settings, serializer, subject);
        this.checkpointsRequired = checkpointsRequired;
    }

    /** Adds nothing: it is where a sink sees the job before it starts. */
    @Override
    public DataStream<T> addPreWriteTopology(DataStream<T> input) {
        StreamExecutionEnvironment job = input.getExecutionEnvironment();
        boolean streaming =
                job.getConfiguration().get(ExecutionOptions.RUNTIME_MODE)
                        == RuntimeExecutionMode.STREAMING;
        if (checkpointsRequired
                && streaming
                && !job.getCheckpointConfig().isCheckpointingEnabled()) {
            throw new IllegalStateException(
                    "Writing to NATS exactly once needs checkpoints, because messages are stored"
                            + " when a checkpoint is complete: set"
                            + " 'execution.checkpointing.interval', or 'sink.delivery-guarantee'"
                            + " to 'at-least-once'.");
        }
        return input;
    }

    @Override
    public StagingWriter<T> createWriter(WriterInitContext context) throws IOException {
        return new WriterFactory(connection(), settings()).createStaging(context, open(context));
    }

    @Override
    public Committer<Commit> createCommitter(CommitterInitContext context) {
        return new NatsCommitter(
                new CommitRunner(connection(), settings().maxInFlight()), context.metricGroup());
    }

    @Override
    public SimpleVersionedSerializer<Commit> getCommittableSerializer() {
        return new CommitSerializer();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.table.config.NatsOptions;
import java.util.Optional;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * A source that acknowledges what it reads. One subtask reads a durable consumer, so one is the
 * default parallelism: Flink then spreads the rows over the operators behind it.
 */
final class AcknowledgedScan implements DataStreamScanProvider {
    private static final String CHECKPOINTING_INTERVAL = "execution.checkpointing.interval";

    private final WatermarkedScan scan;
    private final @Nullable Integer parallelism;

    AcknowledgedScan(WatermarkedScan scan, @Nullable Integer parallelism) {
        this.scan = scan;
        this.parallelism = parallelism;
    }

    @Override
    public DataStream<RowData> produceDataStream(
            ProviderContext context, StreamExecutionEnvironment environment) {
        if (!environment.getCheckpointConfig().isCheckpointingEnabled()) {
            throw new ValidationException(
                    String.format(
                            "'%s' needs checkpoints: messages are acknowledged when a checkpoint"
                                    + " that holds them has completed. Set '%s', for example to"
                                    + " '10 s'.",
                            NatsOptions.SCAN_DURABLE_CONSUMER.key(), CHECKPOINTING_INTERVAL));
        }
        return scan.produceDataStream(context, environment);
    }

    @Override
    public boolean isBounded() {
        return scan.isBounded();
    }

    @Override
    public Optional<Integer> getParallelism() {
        return Optional.of(parallelism == null ? 1 : parallelism);
    }
}

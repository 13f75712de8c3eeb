// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.source.NatsSource;
import io.github.flinknats.table.config.ScanSettings;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.data.RowData;

/** A source that makes the watermarks of each split. */
final class WatermarkedScan implements DataStreamScanProvider {
    private final NatsSource<RowData> source;
    private final WatermarkStrategy<RowData> watermarks;
    private final ScanSettings settings;

    WatermarkedScan(
            NatsSource<RowData> source,
            WatermarkStrategy<RowData> watermarks,
            ScanSettings settings) {
        this.source = source;
        this.watermarks = watermarks;
        this.settings = settings;
    }

    @Override
    public DataStream<RowData> produceDataStream(
            ProviderContext context, StreamExecutionEnvironment environment) {
        DataStreamSource<RowData> stream =
                environment.fromSource(
                        source,
                        watermarks,
                        settings.connection().client().name(),
                        source.getProducedType());
        context.generateUid(NatsTableFactory.IDENTIFIER).ifPresent(stream::uid);
        return stream;
    }

    @Override
    public boolean isBounded() {
        return settings.plan().stop().isBounded();
    }

    @Override
    public Optional<Integer> getParallelism() {
        return Optional.ofNullable(settings.parallelism());
    }
}

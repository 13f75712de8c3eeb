// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.jspecify.annotations.Nullable;

/** {@code 'connector'='measure'}: tells {@link #ON_ROW} of every row, in this process. */
public final class MeasuringSinkFactory implements DynamicTableSinkFactory {
    static final AtomicReference<@Nullable Runnable> ON_ROW = new AtomicReference<>();

    @Override
    public String factoryIdentifier() {
        return "measure";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Collections.emptySet();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Collections.emptySet();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        return new MeasuringTableSink();
    }

    private static final class MeasuringTableSink implements DynamicTableSink {
        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return requested;
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return SinkV2Provider.of(new MeasuringSink());
        }

        @Override
        public DynamicTableSink copy() {
            return new MeasuringTableSink();
        }

        @Override
        public String asSummaryString() {
            return "measure";
        }
    }

    private static final class MeasuringSink implements Sink<RowData> {
        private static final long serialVersionUID = 1L;

        @Override
        public SinkWriter<RowData> createWriter(WriterInitContext context) {
            Runnable onRow = Objects.requireNonNull(ON_ROW.get(), "nobody measures");
            return new SinkWriter<RowData>() {
                @Override
                public void write(RowData row, Context rowContext) {
                    onRow.run();
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.source.NatsSource;
import io.github.flinknats.source.NatsSourceBuilder;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.StopPosition;
import io.github.flinknats.source.enumerator.MessageCount;
import io.github.flinknats.table.config.ScanSettings;
import io.github.flinknats.table.row.ReadableMetadata;
import io.github.flinknats.table.row.TableLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.connector.source.abilities.SupportsStatisticReport;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.plan.stats.TableStats;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/** A table as the planner sees it. Everything that the planner applies replaces a value. */
@OwnedBy(ThreadRole.PLAN)
final class NatsTableSource
        implements ScanTableSource,
                SupportsReadingMetadata,
                SupportsProjectionPushDown,
                SupportsFilterPushDown,
                SupportsLimitPushDown,
                SupportsStatisticReport,
                SupportsWatermarkPushDown,
                SupportsSourceWatermark {

    private final ScanSettings settings;
    private final ValueFormat format;
    private final StoreTimeWatermarks storeTime;
    private TableLayout layout;
    private @Nullable WatermarkStrategy<RowData> watermarks;
    private Narrowing narrowing = Narrowing.everything();
    private long limit = StopPosition.NO_LIMIT;

    NatsTableSource(
            ScanSettings settings,
            ValueFormat format,
            StoreTimeWatermarks storeTime,
            TableLayout layout) {
        this.settings = settings;
        this.format = format;
        this.storeTime = storeTime;
        this.layout = layout;
    }

    @Override
    public DynamicTableSource copy() {
        NatsTableSource copy = new NatsTableSource(settings, format, storeTime, layout);
        copy.watermarks = watermarks;
        copy.narrowing = narrowing;
        copy.limit = limit;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return narrowing.isEverything() ? "NATS" : "NATS, of which " + narrowing;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return format.changelogMode(layout.hasKey());
    }

    @Override
    public Map<String, DataType> listReadableMetadata() {
        Map<String, DataType> metadata = new LinkedHashMap<>(format.metadata());
        for (ReadableMetadata own : ReadableMetadata.values()) {
            metadata.put(own.key(), own.type());
        }
        return metadata;
    }

    @Override
    public void applyReadableMetadata(List<String> metadataKeys, DataType producedDataType) {
        layout = layout.withMetadata(metadataKeys, producedDataType);
    }

    @Override
    public boolean supportsNestedProjection() {
        return format.supportsNestedProjection();
    }

    @Override
    public void applyProjection(int[][] projectedFields, DataType producedDataType) {
        List<List<Integer>> paths =
                Arrays.stream(projectedFields)
                        .map(path -> Arrays.stream(path).boxed().collect(Collectors.toList()))
                        .collect(Collectors.toList());
        layout = layout.withProjection(paths, producedDataType);
    }

    /** Whatever a predicate says, Flink still applies it: a reader only leaves messages out. */
    @Override
    public Result applyFilters(List<ResolvedExpression> filters) {
        List<ResolvedExpression> accepted = new ArrayList<>();
        List<ResolvedExpression> shallow =
                filters.stream().map(Disjunctions::shallow).collect(Collectors.toList());
        if (mayLeaveOut() && limit == StopPosition.NO_LIMIT) {
            FilterPushDown pushDown = FilterPushDown.of(layout);
            Narrowing all = narrowing;
            for (ResolvedExpression filter : shallow) {
                Narrowing one = pushDown.narrowing(filter);
                if (!one.isEverything()) {
                    accepted.add(filter);
                    all = all.and(one);
                }
            }
            narrowing = all.withFewSubjects();
        }
        return Result.of(accepted, shallow);
    }

    /**
     * Not where each message moves the watermark: rows would be late, or windows end, at another
     * time, or never. Nor where each message must be acknowledged.
     */
    private boolean mayLeaveOut() {
        return watermarks == null && settings.plan().start().consumer() == null;
    }

    /**
     * Best effort, says Flink, which goes on counting behind the source. A changelog is not cut:
     * the rows that are left of a key are known only at its end.
     */
    @Override
    public void applyLimit(long rows) {
        // What is read by acknowledging has no end: then Flink's own LIMIT is the only one.
        boolean ends = settings.plan().start().consumer() == null;
        if (ends
                && rows > 0
                && !layout.hasKey()
                && getChangelogMode().containsOnly(RowKind.INSERT)) {
            limit = rows;
        }
    }

    @Override
    public void applyWatermark(WatermarkStrategy<RowData> watermarkStrategy) {
        watermarks = watermarkStrategy;
    }

    @Override
    public void applySourceWatermark() {
        watermarks = storeTime.strategy();
    }

    /**
     * Flink gives a {@code SourceProvider} no watermarks per split, and a {@code
     * DataStreamScanProvider} no lineage: the latter is taken only when there are watermarks, or
     * when the job must be seen to have checkpoints.
     */
    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        if (settings.isInBatch()) {
            BatchRules.check(settings.plan(), getChangelogMode());
        }
        NatsSource<RowData> source = source(context);
        WatermarkStrategy<RowData> strategy = watermarks;
        if (settings.plan().start().consumer() != null) {
            return new AcknowledgedScan(
                    new WatermarkedScan(
                            source,
                            strategy == null ? WatermarkStrategy.noWatermarks() : strategy,
                            settings),
                    settings.parallelism());
        }
        return strategy == null
                ? SourceProvider.of(source, settings.parallelism())
                : new WatermarkedScan(source, strategy, settings);
    }

    /** What queries in batch mode are planned with: a message is a row, as a rule. */
    @Override
    public TableStats reportStatistics() {
        ReadPlan plan = plan();
        if (!plan.stop().isBounded() || !getChangelogMode().containsOnly(RowKind.INSERT)) {
            return TableStats.UNKNOWN;
        }
        OptionalLong messages =
                MessageCount.of(settings.connection(), plan, settings.readSettings());
        return messages.isPresent()
                ? new TableStats(Math.min(limit, messages.getAsLong()))
                : TableStats.UNKNOWN;
    }

    /** The plan of the table, with what the planner has applied. */
    private ReadPlan plan() {
        ReadPlan plan = settings.plan();
        StopPosition stop =
                limit == StopPosition.NO_LIMIT ? plan.stop() : plan.stop().orAfterRows(limit);
        return plan.withRange(plan.start(), stop)
                .withNarrowing(mayLeaveOut() ? narrowing : Narrowing.everything());
    }

    private NatsSource<RowData> source(ScanContext context) {
        ReadPlan plan = plan();
        NatsSourceBuilder<RowData> builder =
                NatsSource.<RowData>builder()
                        .setConnection(settings.connection())
                        .setSubjects(plan.filters())
                        .setStart(plan.start())
                        .setStop(plan.stop())
                        .setOrdering(plan.ordering())
                        .setNarrowing(plan.narrowing())
                        .setReadSettings(settings.readSettings())
                        .setDeserializer(format.reader(context, layout));
        return builder.setStreams(plan.streams()).build();
    }
}

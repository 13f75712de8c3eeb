// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordDeserializer;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.cursor.CursorGroup;
import io.github.flinknats.source.cursor.DataLossListener;
import io.github.flinknats.source.cursor.MessageView;
import io.github.flinknats.source.enumerator.LimitReached;
import io.github.flinknats.source.enumerator.RowsEmitted;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.NatsSplitState;
import io.github.flinknats.source.split.SplitFit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.core.io.InputStatus;

/** Reads splits on one subtask. A reader without a split is idle and holds back no watermark. */
@Internal
@OwnedBy(ThreadRole.TASK)
@SuppressWarnings("try") // Flink's close() may throw anything.
public final class NatsSourceReader<T>
        extends SingleThreadMultiplexSourceReaderBase<MessageView, T, NatsSplit, NatsSplitState> {
    private final Map<String, NatsSplitState> positions;
    private final ReadPlan plan;
    private final RowLimit limit;
    private boolean idle;

    /** Makes a reader; it connects when it gets its first split. */
    public static <T> NatsSourceReader<T> create(
            SourceReaderContext context,
            ConnectionSettings connection,
            ReadPlan plan,
            ReadSettings settings,
            NatsRecordDeserializer<T> deserializer) {
        RowLimit limit = new RowLimit(settings.rowLimit());
        Map<String, NatsSplitState> positions = new HashMap<>();
        ReadSettings few =
                settings.withMaxMessages(
                        (int) Math.min(settings.maxMessages(), settings.rowLimit()));
        Supplier<SplitReader<MessageView, NatsSplit>> splitReader =
                () ->
                        new NatsSplitReader(
                                new CursorGroup(connection, few, DataLossListener.NONE),
                                new Positions(positions));
        return new NatsSourceReader<>(
                context,
                splitReader,
                new NatsRecordEmitter<>(deserializer, limit),
                positions,
                new Task(plan, limit));
    }

    private NatsSourceReader(
            SourceReaderContext context,
            Supplier<SplitReader<MessageView, NatsSplit>> splitReader,
            NatsRecordEmitter<T> emitter,
            Map<String, NatsSplitState> positions,
            Task task) {
        super(splitReader, emitter, context.getConfiguration(), context);
        this.positions = positions;
        this.plan = task.plan;
        this.limit = task.limit;
    }

    /** What a reader does with its splits. */
    private static final class Task {
        private final ReadPlan plan;
        private final RowLimit limit;

        Task(ReadPlan plan, RowLimit limit) {
            this.plan = plan;
            this.limit = limit;
        }
    }

    /** Restored splits come here too, and never pass the enumerator. */
    @Override
    public void addSplits(List<NatsSplit> splits) {
        List<NatsSplit> fitting = SplitFit.fit(splits, plan);
        if (!fitting.isEmpty()) {
            super.addSplits(fitting);
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        if (getNumberOfCurrentlyAssignedSplits() == 0) {
            if (!idle) {
                output.markIdle();
                idle = true;
            }
        } else {
            idle = false;
        }
        if (!limit.isLimited()) {
            return super.pollNext(output);
        }
        InputStatus status = limit.isReached() ? InputStatus.END_OF_INPUT : super.pollNext(output);
        if (status != InputStatus.MORE_AVAILABLE || limit.isReached()) {
            long rows = limit.news();
            if (rows >= 0) {
                context.sendSourceEventToCoordinator(new RowsEmitted(rows));
            }
        }
        return limit.isReached() ? InputStatus.END_OF_INPUT : status;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        CompletableFuture<Void> available = super.isAvailable();
        return limit.isLimited()
                ? CompletableFuture.anyOf(available, limit.end()).thenApply(any -> null)
                : available;
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (event instanceof LimitReached) {
            limit.reachedByAll();
        }
    }

    @Override
    protected NatsSplitState initializedState(NatsSplit split) {
        NatsSplitState state = new NatsSplitState(split);
        positions.put(split.splitId(), state);
        return state;
    }

    @Override
    protected NatsSplit toSplitType(String splitId, NatsSplitState state) {
        return state.toSplit();
    }

    @Override
    protected void onSplitFinished(Map<String, NatsSplitState> finished) {
        finished.keySet().forEach(positions::remove);
    }

    private static final class Positions implements FetchedRecords.PositionListener {
        private final Map<String, NatsSplitState> states;

        Positions(Map<String, NatsSplitState> states) {
            this.states = states;
        }

        @Override
        public void skippedTo(String splitId, long sequence) {
            NatsSplitState state = states.get(splitId);
            if (state != null) {
                state.skippedTo(sequence);
            }
        }

        @Override
        public void movedTo(NatsSplit split) {
            NatsSplitState state = states.get(split.splitId());
            if (state != null) {
                state.movedTo(split);
            }
        }
    }
}

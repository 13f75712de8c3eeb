// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordDeserializer;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.cursor.Acks;
import io.github.flinknats.source.cursor.CursorGroup;
import io.github.flinknats.source.cursor.MessageBatch;
import io.github.flinknats.source.cursor.MessageView;
import io.github.flinknats.source.enumerator.LimitReached;
import io.github.flinknats.source.enumerator.RowsEmitted;
import io.github.flinknats.source.split.AckLedger;
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
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/** Reads splits on one subtask. A reader without a split is idle and holds back no watermark. */
@Internal
@OwnedBy(ThreadRole.TASK)
@SuppressWarnings("try") // Flink's close() may throw anything.
public final class NatsSourceReader<T>
        extends SingleThreadMultiplexSourceReaderBase<MessageView, T, NatsSplit, NatsSplitState> {
    private final Positions positions;
    private final ReaderBrake brake;
    private final @Nullable DeadLetters deadLetters;
    private final RowLimit limit;
    private boolean idle;

    /**
     * Makes a reader; it connects when it gets its first split.
     *
     * @param settings with the rate of this one reader, if there is a limit
     */
    public static <T> NatsSourceReader<T> create(
            SourceReaderContext context,
            ConnectionSettings connection,
            ReadPlan plan,
            ReadSettings settings,
            NatsRecordDeserializer<T> deserializer) {
        Acks acks = new Acks();
        ReaderMetrics metrics = new ReaderMetrics(context.metricGroup());
        String deadLetterSubject = settings.badRecords().deadLetterSubject();
        DeadLetters deadLetters =
                deadLetterSubject == null ? null : new DeadLetters(connection, deadLetterSubject);
        Double rate = settings.rateLimit();
        ReaderBrake brake =
                new ReaderBrake(
                        deadLetters, rate == null ? null : new RateLimit(rate, System.nanoTime()));
        RowLimit limit = new RowLimit(plan.stop().rowLimit());
        ReadSettings few =
                settings.withMaxMessages(
                        (int) Math.min(settings.maxMessages(), plan.stop().rowLimit()));
        return new NatsSourceReader<>(
                context,
                () -> new CursorGroup(connection, plan, few, metrics, acks),
                new NatsRecordEmitter<>(
                        deserializer,
                        new BadRecords(settings.badRecords(), deadLetters, metrics),
                        brake,
                        limit),
                new Positions(metrics, acks, plan),
                deadLetters);
    }

    private NatsSourceReader(
            SourceReaderContext context,
            Supplier<CursorGroup> cursors,
            NatsRecordEmitter<T> emitter,
            Positions positions,
            @Nullable DeadLetters deadLetters) {
        super(
                () -> new NatsSplitReader(cursors.get(), positions),
                emitter,
                context.getConfiguration(),
                context);
        this.positions = positions;
        this.brake = emitter.brake();
        this.deadLetters = deadLetters;
        this.limit = emitter.limit();
    }

    /** Restored splits come here too, and never pass the enumerator. */
    @Override
    public void addSplits(List<NatsSplit> splits) {
        List<NatsSplit> fitting = positions.fit(splits);
        if (!fitting.isEmpty()) {
            super.addSplits(fitting);
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        if (limit.isReached()) {
            return brake.status(InputStatus.END_OF_INPUT);
        }
        if (brake.holds()) {
            return InputStatus.NOTHING_AVAILABLE;
        }
        if (getNumberOfCurrentlyAssignedSplits() == 0) {
            if (!idle) {
                output.markIdle();
                idle = true;
            }
        } else {
            idle = false;
        }
        InputStatus status = super.pollNext(output);
        if (limit.isReached() || status != InputStatus.MORE_AVAILABLE) {
            tellRows();
        }
        return brake.status(limit.isReached() ? InputStatus.END_OF_INPUT : status);
    }

    private void tellRows() {
        long rows = limit.news();
        if (limit.isLimited() && rows >= 0) {
            context.sendSourceEventToCoordinator(new RowsEmitted(rows));
        }
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        CompletableFuture<Void> available = brake.available(super.isAvailable());
        return limit.isLimited() && !limit.isReached()
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
    public List<NatsSplit> snapshotState(long checkpointId) {
        if (deadLetters != null) {
            // What the position passes over must be stored before the position is.
            deadLetters.awaitDelivered();
        }
        positions.settle();
        List<NatsSplit> splits = super.snapshotState(checkpointId);
        positions.sealed(checkpointId);
        return splits;
    }

    @Override
    public void close() throws Exception {
        try {
            super.close();
        } finally {
            if (deadLetters != null) {
                deadLetters.close();
            }
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        positions.completed(checkpointId);
    }

    @Override
    protected NatsSplitState initializedState(NatsSplit split) {
        return positions.add(new NatsSplitState(split));
    }

    @Override
    protected NatsSplit toSplitType(String splitId, NatsSplitState state) {
        return state.toSplit();
    }

    @Override
    protected void onSplitFinished(Map<String, NatsSplitState> finished) {
        finished.keySet().forEach(positions::remove);
    }

    /** The states of the splits, told of what happens to them. */
    private static final class Positions implements FetchedRecords.Listener {
        private final ReaderMetrics metrics;
        private final Acks acks;
        private final ReadPlan plan;
        private final Map<String, NatsSplitState> states = new HashMap<>();

        Positions(ReaderMetrics metrics, Acks acks, ReadPlan plan) {
            this.metrics = metrics;
            this.acks = acks;
            this.plan = plan;
        }

        List<NatsSplit> fit(List<NatsSplit> restored) {
            return SplitFit.fit(restored, plan);
        }

        /** A durable consumer is a split, and the only one of its source. */
        private @Nullable AckLedger ledger() {
            for (NatsSplitState state : states.values()) {
                if (state.ledger() != null) {
                    return state.ledger();
                }
            }
            return null;
        }

        /** Takes note of what was confirmed since the last checkpoint. */
        void settle() {
            AckLedger ledger = ledger();
            Long confirmed = ledger == null ? null : acks.pollConfirmed();
            while (ledger != null && confirmed != null) {
                ledger.confirmed(confirmed);
                confirmed = acks.pollConfirmed();
            }
        }

        void sealed(long checkpoint) {
            AckLedger ledger = ledger();
            if (ledger != null) {
                ledger.sealed(checkpoint);
            }
        }

        void completed(long checkpoint) {
            AckLedger ledger = ledger();
            if (ledger != null) {
                acks.release(ledger.completed(checkpoint));
            }
        }

        NatsSplitState add(NatsSplitState state) {
            states.put(state.splitId(), state);
            metrics.onSplit(state);
            return state;
        }

        void remove(String splitId) {
            states.remove(splitId);
            metrics.onSplitFinished(splitId);
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

        @Override
        public void onBatch(String splitId, MessageBatch batch, long behind, long fetchedAt) {
            metrics.onBatch(splitId, batch, behind, fetchedAt);
        }
    }
}

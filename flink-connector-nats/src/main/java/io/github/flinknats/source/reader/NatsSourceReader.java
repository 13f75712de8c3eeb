// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordDeserializer;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.cursor.Acks;
import io.github.flinknats.source.cursor.CursorGroup;
import io.github.flinknats.source.cursor.MessageView;
import io.github.flinknats.source.split.AckLedger;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.NatsSplitState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.ReaderOutput;
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
    private final Map<String, NatsSplitState> positions;
    private final Acks acks;
    private boolean idle;

    /**
     * Makes a reader; it connects when it gets its first split.
     *
     * @param durable the durable consumer that splits must be read through, or null for none
     */
    public static <T> NatsSourceReader<T> create(
            SourceReaderContext context,
            ConnectionSettings connection,
            ReadSettings settings,
            NatsRecordDeserializer<T> deserializer,
            @Nullable String durable) {
        Acks acks = new Acks();
        return new NatsSourceReader<>(
                context,
                () -> new CursorGroup(connection, settings, acks, durable),
                new NatsRecordEmitter<>(deserializer),
                new HashMap<>(),
                acks);
    }

    private NatsSourceReader(
            SourceReaderContext context,
            Supplier<CursorGroup> cursors,
            NatsRecordEmitter<T> emitter,
            Map<String, NatsSplitState> positions,
            Acks acks) {
        super(
                () ->
                        new NatsSplitReader(
                                cursors.get(),
                                (splitId, sequence) -> skip(positions, splitId, sequence)),
                emitter,
                context.getConfiguration(),
                context);
        this.positions = positions;
        this.acks = acks;
    }

    private static void skip(Map<String, NatsSplitState> positions, String splitId, long sequence) {
        NatsSplitState state = positions.get(splitId);
        if (state != null) {
            state.skippedTo(sequence);
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
        return super.pollNext(output);
    }

    @Override
    public List<NatsSplit> snapshotState(long checkpointId) {
        AckLedger ledger = ledger();
        if (ledger == null) {
            return super.snapshotState(checkpointId);
        }
        Long confirmed = acks.pollConfirmed();
        while (confirmed != null) {
            ledger.confirmed(confirmed);
            confirmed = acks.pollConfirmed();
        }
        List<NatsSplit> splits = super.snapshotState(checkpointId);
        ledger.sealed(checkpointId);
        return splits;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        AckLedger ledger = ledger();
        if (ledger != null) {
            acks.release(ledger.completed(checkpointId));
        }
    }

    /** A durable consumer is a split, and the only one of its source. */
    private @Nullable AckLedger ledger() {
        for (NatsSplitState state : positions.values()) {
            if (state.ledger() != null) {
                return state.ledger();
            }
        }
        return null;
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
}

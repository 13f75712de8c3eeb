// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordDeserializer;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.cursor.CursorGroup;
import io.github.flinknats.source.cursor.MessageView;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.NatsSplitState;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.core.io.InputStatus;

/** Reads splits on one subtask. A reader without a split is idle and holds back no watermark. */
@Internal
@OwnedBy(ThreadRole.TASK)
@SuppressWarnings("try") // Flink's close() may throw anything.
public final class NatsSourceReader<T>
        extends SingleThreadMultiplexSourceReaderBase<MessageView, T, NatsSplit, NatsSplitState> {
    private final Map<String, NatsSplitState> positions;
    private boolean idle;

    /** Makes a reader; it connects when it gets its first split. */
    public static <T> NatsSourceReader<T> create(
            SourceReaderContext context,
            ConnectionSettings connection,
            ReadSettings settings,
            NatsRecordDeserializer<T> deserializer) {
        return new NatsSourceReader<>(
                context,
                () -> new CursorGroup(connection, settings),
                new NatsRecordEmitter<>(deserializer),
                new HashMap<>());
    }

    private NatsSourceReader(
            SourceReaderContext context,
            Supplier<CursorGroup> cursors,
            NatsRecordEmitter<T> emitter,
            Map<String, NatsSplitState> positions) {
        super(
                () ->
                        new NatsSplitReader(
                                cursors.get(),
                                (splitId, sequence) -> skip(positions, splitId, sequence)),
                emitter,
                context.getConfiguration(),
                context);
        this.positions = positions;
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

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.source.cursor.MessageBatch;
import io.github.flinknats.source.cursor.MessageView;
import io.github.flinknats.source.split.NatsSplit;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.Internal;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.jspecify.annotations.Nullable;

/**
 * One hand-over: a batch per split, the splits that are finished, and positions that moved without
 * a message. Filled on the fetcher thread, then read once on the task thread.
 */
@Internal
@OwnedBy({ThreadRole.FETCHER, ThreadRole.TASK})
final class FetchedRecords implements RecordsWithSplitIds<MessageView> {
    private final PositionListener positions;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Map<String, Long> skips = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private @Nullable MessageBatch current;

    /** Hears on the task thread of positions that move without a message. */
    interface PositionListener {
        /** Nothing wanted stands before the sequence. */
        void skippedTo(String splitId, long sequence);

        /** The stream has become another one, of which this is to be read. */
        void movedTo(NatsSplit split);
    }

    FetchedRecords(PositionListener positions) {
        this.positions = positions;
    }

    void add(String splitId, MessageBatch batch) {
        entries.add(new Entry(splitId, batch));
    }

    void addSkip(String splitId, long sequence) {
        skips.put(splitId, sequence);
    }

    void addFinished(String splitId) {
        finished.add(splitId);
    }

    @Override
    public @Nullable String nextSplit() {
        Entry entry = entries.poll();
        current = entry == null ? null : entry.batch;
        if (current != null && current.moved() != null) {
            positions.movedTo(current.moved());
        }
        return entry == null ? null : entry.splitId;
    }

    @Override
    public @Nullable MessageView nextRecordFromSplit() {
        return current == null ? null : current.next();
    }

    @Override
    public Set<String> finishedSplits() {
        return finished;
    }

    /** Called when all records have been emitted. */
    @Override
    public void recycle() {
        skips.forEach(positions::skippedTo);
    }

    private static final class Entry {
        private final String splitId;
        private final MessageBatch batch;

        Entry(String splitId, MessageBatch batch) {
            this.splitId = splitId;
            this.batch = batch;
        }
    }
}

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
    private final Listener listener;
    private final long fetchedAt = System.currentTimeMillis();
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Map<String, Long> skips = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private @Nullable MessageBatch current;

    /** Hears on the task thread what becomes of the records. */
    interface Listener {
        /** Nothing wanted stands before the sequence. */
        void skippedTo(String splitId, long sequence);

        /** The stream has become another one, of which this is to be read. */
        void movedTo(NatsSplit split);

        /** A batch begins to be read. */
        void onBatch(String splitId, MessageBatch batch, long behind, long fetchedAt);
    }

    FetchedRecords(Listener listener) {
        this.listener = listener;
    }

    /**
     * Adds a batch.
     *
     * @param behind how many messages of the split stand behind it
     */
    void add(String splitId, MessageBatch batch, long behind) {
        entries.add(new Entry(splitId, batch, behind));
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
        if (entry == null) {
            current = null;
            return null;
        }
        current = entry.batch;
        NatsSplit moved = entry.batch.moved();
        if (moved != null) {
            listener.movedTo(moved);
        }
        if (entry.batch.hasMessages()) {
            listener.onBatch(entry.splitId, entry.batch, entry.behind, fetchedAt);
        }
        return entry.splitId;
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
        skips.forEach(listener::skippedTo);
    }

    private static final class Entry {
        private final String splitId;
        private final MessageBatch batch;
        private final long behind;

        Entry(String splitId, MessageBatch batch, long behind) {
            this.splitId = splitId;
            this.batch = batch;
            this.behind = behind;
        }
    }
}

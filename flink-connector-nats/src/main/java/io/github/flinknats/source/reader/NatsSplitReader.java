// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.source.cursor.CursorGroup;
import io.github.flinknats.source.cursor.MessageBatch;
import io.github.flinknats.source.cursor.MessageView;
import io.github.flinknats.source.cursor.StreamCursor;
import io.github.flinknats.source.split.NatsSplit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsRemoval;

/**
 * Hands over what the cursors have, as soon as there is something: a batch is whatever arrived
 * while the last one was on its way.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class NatsSplitReader implements SplitReader<MessageView, NatsSplit> {
    private final CursorGroup cursors;
    private final FetchedRecords.Listener listener;

    NatsSplitReader(CursorGroup cursors, FetchedRecords.Listener listener) {
        this.cursors = cursors;
        this.listener = listener;
    }

    @Override
    public RecordsWithSplitIds<MessageView> fetch() throws IOException {
        try {
            cursors.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for NATS messages");
        }
        FetchedRecords fetched = new FetchedRecords(listener);
        List<String> finished = new ArrayList<>();
        for (StreamCursor cursor : cursors.cursors()) {
            String splitId = cursor.split().splitId();
            MessageBatch batch = cursor.take();
            if (batch != null) {
                fetched.add(splitId, batch, cursor.behind());
            }
            long skip = cursor.takeSkip();
            if (skip > 0) {
                fetched.addSkip(splitId, skip);
            }
            if (cursor.isFinished()) {
                fetched.addFinished(splitId);
                finished.add(splitId);
            }
        }
        finished.forEach(cursors::remove);
        return fetched;
    }

    @Override
    public void handleSplitsChanges(SplitsChange<NatsSplit> change) {
        if (change instanceof SplitsAddition) {
            change.splits().forEach(cursors::add);
        } else if (change instanceof SplitsRemoval) {
            change.splits().forEach(split -> cursors.remove(split.splitId()));
        } else {
            throw new UnsupportedOperationException(
                    "Unknown change of splits: " + change.getClass().getName());
        }
    }

    @Override
    public void pauseOrResumeSplits(
            Collection<NatsSplit> splitsToPause, Collection<NatsSplit> splitsToResume) {
        splitsToPause.forEach(split -> cursors.setPaused(split.splitId(), true));
        splitsToResume.forEach(split -> cursors.setPaused(split.splitId(), false));
    }

    /** Any thread. */
    @Override
    public void wakeUp() {
        cursors.wakeUp();
    }

    @Override
    public void close() {
        cursors.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.source.cursor.CursorListener;
import io.github.flinknats.source.cursor.MessageBatch;
import io.github.flinknats.source.split.NatsSplitState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/**
 * The metrics of one reader, with the names of FLIP-33 where it has any. Flink itself counts {@code
 * numRecordsIn} and measures {@code sourceIdleTime}, {@code watermarkLag} and {@code
 * currentEmitEventTimeLag}. Everything here is done once for a batch, or for something rare.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
final class ReaderMetrics implements CursorListener {
    private static final long UNKNOWN = -1;

    private final SourceReaderMetricGroup group;
    private final Map<String, SplitMetrics> splits = new ConcurrentHashMap<>();

    // Counted on the task thread.
    private final Counter bytes;
    private final Counter errors;
    private final Counter skipped;
    private final Counter deadLetters;
    private final AtomicLong fetchLag = new AtomicLong(UNKNOWN);

    // Counted on the fetcher thread.
    private final Counter reconnects;
    private final Counter dataLosses;

    ReaderMetrics(SourceReaderMetricGroup group) {
        this.group = group;
        this.bytes = group.getIOMetricGroup().getNumBytesInCounter();
        this.errors = group.getNumRecordsInErrorsCounter();
        this.skipped = group.counter("recordsSkipped");
        this.deadLetters = group.counter("recordsDeadLettered");
        this.reconnects = group.counter("reconnects");
        this.dataLosses = group.counter("dataLosses");
        group.setPendingRecordsGauge(this::pending);
        group.gauge("currentFetchEventTimeLag", (Gauge<Long>) fetchLag::get);
    }

    private long pending() {
        return splits.values().stream().mapToLong(SplitMetrics::pending).sum();
    }

    // ------------------------------------------------------------------ task thread

    void onSplit(NatsSplitState state) {
        splits.put(state.splitId(), new SplitMetrics(group, state));
    }

    void onSplitFinished(String splitId) {
        SplitMetrics split = splits.remove(splitId);
        if (split != null) {
            split.remove();
        }
    }

    /**
     * A batch begins to be read.
     *
     * @param behind messages of the split that stood behind it when it was fetched
     * @param fetchedAt when that was, in milliseconds since the epoch
     */
    void onBatch(String splitId, MessageBatch batch, long behind, long fetchedAt) {
        bytes.inc(batch.bytes());
        fetchLag.lazySet(fetchedAt - batch.lastTimestampMillis());
        SplitMetrics split = splits.get(splitId);
        if (split != null) {
            split.onPending(behind);
        }
    }

    void onBadRecord() {
        errors.inc();
    }

    void onSkipped() {
        skipped.inc();
    }

    void onDeadLetter() {
        deadLetters.inc();
    }

    // ------------------------------------------------------------------ fetcher thread

    @Override
    public void onConsumer(String splitId) {
        SplitMetrics split = splits.get(splitId);
        if (split != null) {
            split.onConsumer(System.currentTimeMillis());
        }
    }

    @Override
    public void onReconnected() {
        reconnects.inc();
        splits.values().forEach(SplitMetrics::onReconnected);
    }

    @Override
    public void onDataLoss(String splitId, long wanted, long available) {
        dataLosses.inc();
        SplitMetrics split = splits.get(splitId);
        if (split != null) {
            split.onDataLoss();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.source.split.SequenceSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Where the task thread, which knows what a completed checkpoint holds, and the fetcher thread,
 * which acknowledges it, meet. Neither waits for the other.
 *
 * <p>It also tells the fetcher thread whether a batch still waits to be read: with one in the queue
 * it hands over no other, so that it is never blocked there and can go on reporting progress and
 * acknowledging while the pipeline is blocked.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
public final class Acks {
    /** From the task thread to the fetcher thread. */
    private final ConcurrentLinkedQueue<SequenceSet> released = new ConcurrentLinkedQueue<>();

    /** From the fetcher thread to the task thread. */
    private final ConcurrentLinkedQueue<Long> confirmed = new ConcurrentLinkedQueue<>();

    // Each written by one thread at a time, as the comments at the methods say.
    private volatile boolean batchWaiting;
    private volatile @Nullable Runnable nudge;

    public Acks() {}

    /** A completed checkpoint holds these messages. Task thread. */
    public void release(SequenceSet sequences) {
        if (!sequences.isEmpty()) {
            released.add(sequences);
            nudge();
        }
    }

    /** A message whose acknowledgement was confirmed, or null. Task thread. */
    public @Nullable Long pollConfirmed() {
        return confirmed.poll();
    }

    /** The batch handed over last is being read. Task thread. */
    void onBatchTaken() {
        batchWaiting = false;
        nudge();
    }

    private void nudge() {
        Runnable wakeUp = nudge;
        if (wakeUp != null) {
            wakeUp.run();
        }
    }

    /** What wakes the fetcher thread. Fetcher thread, before it hands anything over. */
    void wakeBy(Runnable wakeUp) {
        nudge = wakeUp;
    }

    /** A batch is handed over. Fetcher thread, while none is waiting. */
    void onBatchGiven() {
        batchWaiting = true;
    }

    boolean isBatchWaiting() {
        return batchWaiting;
    }

    @Nullable SequenceSet pollReleased() {
        return released.poll();
    }

    boolean anyReleased() {
        return !released.isEmpty();
    }

    void confirm(long sequence) {
        confirmed.add(sequence);
    }
}

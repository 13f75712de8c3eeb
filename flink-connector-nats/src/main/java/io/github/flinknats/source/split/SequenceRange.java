// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The stream sequences still to read: from {@code next} to {@code stop}, both included. Up to
 * {@code snapshotEnd} only the newest message of each subject is wanted.
 */
@Internal
public final class SequenceRange implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The {@link #stop()} of a range without end. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    private final long next;
    private final long stop;
    private final long snapshotEnd;
    private final boolean begun;

    private SequenceRange(long next, long stop, long snapshotEnd, boolean begun) {
        if (next < 1) {
            throw new IllegalArgumentException("A stream sequence starts at 1, not " + next + ".");
        }
        this.next = next;
        this.stop = stop;
        this.snapshotEnd = snapshotEnd;
        this.begun = begun;
    }

    /** Both ends included; {@code stop < next} is a range with nothing in it. */
    public static SequenceRange of(long next, long stop) {
        return new SequenceRange(next, stop, 0, false);
    }

    /** From {@code next} on, for ever. */
    public static SequenceRange from(long next) {
        return of(next, UNBOUNDED);
    }

    /** As it was checkpointed. */
    static SequenceRange restored(long next, long stop, long snapshotEnd, boolean begun) {
        return new SequenceRange(next, stop, snapshotEnd, begun);
    }

    /** The same range that starts with a snapshot of the stream up to a sequence. */
    public SequenceRange withSnapshotUpTo(long sequence) {
        return new SequenceRange(next, stop, sequence, begun);
    }

    /** What is left when everything before {@code position} has been read. */
    public SequenceRange startingAt(long position) {
        return new SequenceRange(position, stop, snapshotEnd, true);
    }

    /** The first sequence not yet read. */
    public long next() {
        return next;
    }

    /** The last sequence to read, or {@link #UNBOUNDED}. */
    public long stop() {
        return stop;
    }

    /** The last sequence of which only the newest of each subject are wanted; 0 for none. */
    public long snapshotEnd() {
        return snapshotEnd;
    }

    /** Whether a reader has it: from then on what is missing at the start is a loss. */
    public boolean isBegun() {
        return begun;
    }

    public boolean isBounded() {
        return stop != UNBOUNDED;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof SequenceRange)) {
            return false;
        }
        SequenceRange that = (SequenceRange) other;
        return next == that.next
                && stop == that.stop
                && snapshotEnd == that.snapshotEnd
                && begun == that.begun;
    }

    @Override
    public int hashCode() {
        return Objects.hash(next, stop, snapshotEnd, begun);
    }

    @Override
    public String toString() {
        return (isBounded() ? next + ".." + stop : next + "..")
                + (snapshotEnd >= next ? ", newest of each subject up to " + snapshotEnd : "");
    }
}

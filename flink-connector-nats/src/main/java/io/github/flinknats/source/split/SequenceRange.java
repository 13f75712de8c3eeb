// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** The stream sequences still to read: from {@code next} to {@code stop}, both included. */
@Internal
public final class SequenceRange implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The {@link #stop()} of a range without end. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    private final long next;
    private final long stop;

    private SequenceRange(long next, long stop) {
        if (next < 1) {
            throw new IllegalArgumentException("A stream sequence starts at 1, not " + next + ".");
        }
        this.next = next;
        this.stop = stop;
    }

    /** Both ends included; {@code stop < next} is a range with nothing in it. */
    public static SequenceRange of(long next, long stop) {
        return new SequenceRange(next, stop);
    }

    /** From {@code next} on, for ever. */
    public static SequenceRange from(long next) {
        return new SequenceRange(next, UNBOUNDED);
    }

    /** What is left when everything before {@code position} has been read. */
    public SequenceRange startingAt(long position) {
        return new SequenceRange(position, stop);
    }

    /** The first sequence not yet read. */
    public long next() {
        return next;
    }

    /** The last sequence to read, or {@link #UNBOUNDED}. */
    public long stop() {
        return stop;
    }

    public boolean isBounded() {
        return stop != UNBOUNDED;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SequenceRange
                && next == ((SequenceRange) other).next
                && stop == ((SequenceRange) other).stop;
    }

    @Override
    public int hashCode() {
        return Objects.hash(next, stop);
    }

    @Override
    public String toString() {
        return isBounded() ? next + ".." + stop : next + "..";
    }
}

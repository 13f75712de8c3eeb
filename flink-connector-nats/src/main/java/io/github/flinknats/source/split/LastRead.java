// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The message read last: by its store time a stream restored from a backup is told from the one
 * that was read, even when name and creation time agree.
 */
@Internal
public final class LastRead implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final LastRead NOTHING = new LastRead(0, 0);

    private final long sequence;
    private final long timestampNanos;

    private LastRead(long sequence, long timestampNanos) {
        this.sequence = sequence;
        this.timestampNanos = timestampNanos;
    }

    /** No message has been read yet. */
    public static LastRead nothing() {
        return NOTHING;
    }

    public static LastRead of(long sequence, long timestampNanos) {
        return sequence == 0 ? NOTHING : new LastRead(sequence, timestampNanos);
    }

    /** Stream sequence of the message, 0 for none. */
    public long sequence() {
        return sequence;
    }

    /** Store time in nanoseconds since the epoch. */
    public long timestampNanos() {
        return timestampNanos;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LastRead
                && sequence == ((LastRead) other).sequence
                && timestampNanos == ((LastRead) other).timestampNanos;
    }

    @Override
    public int hashCode() {
        return Objects.hash(sequence, timestampNanos);
    }

    @Override
    public String toString() {
        return sequence == 0 ? "nothing" : sequence + " stored at " + timestampNanos;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The message read last: by its store time a stream restored from a backup is told from the one
 * that was read, even when name and creation time agree. What is read through a durable consumer
 * comes in no fixed order: then it is the newest message, and {@link #durable()} says the rest.
 */
@Internal
public final class LastRead implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final LastRead NOTHING = new LastRead(0, 0, null);

    private final long sequence;
    private final long timestampNanos;
    private final @Nullable DurableProgress durable;

    private LastRead(long sequence, long timestampNanos, @Nullable DurableProgress durable) {
        this.sequence = sequence;
        this.timestampNanos = timestampNanos;
        this.durable = durable;
    }

    /** No message has been read yet. */
    public static LastRead nothing() {
        return NOTHING;
    }

    public static LastRead of(long sequence, long timestampNanos) {
        return sequence == 0 ? NOTHING : new LastRead(sequence, timestampNanos, null);
    }

    /** The same message, which came through a durable consumer. */
    public LastRead through(@Nullable DurableProgress progress) {
        return new LastRead(sequence, timestampNanos, progress);
    }

    /** Stream sequence of the message, 0 for none. */
    public long sequence() {
        return sequence;
    }

    /** Store time in nanoseconds since the epoch. */
    public long timestampNanos() {
        return timestampNanos;
    }

    /** What else has been read through a durable consumer; null when there is none. */
    public @Nullable DurableProgress durable() {
        return durable;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LastRead
                && sequence == ((LastRead) other).sequence
                && timestampNanos == ((LastRead) other).timestampNanos
                && Objects.equals(durable, ((LastRead) other).durable);
    }

    @Override
    public int hashCode() {
        return Objects.hash(sequence, timestampNanos, durable);
    }

    @Override
    public String toString() {
        return (sequence == 0 ? "nothing" : sequence + " stored at " + timestampNanos)
                + (durable == null ? "" : ", " + durable);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * Where reading ends. The enumerator turns it into a stream sequence once, so that the end never
 * moves; a position other than {@link #never()} makes the source bounded.
 */
@PublicEvolving
public final class StopPosition implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final StopPosition NEVER = new StopPosition(Kind.NEVER, 0, null);
    private static final StopPosition LATEST = new StopPosition(Kind.LATEST, 0, null);

    private final Kind kind;
    private final long sequence;
    private final @Nullable Instant timestamp;

    private StopPosition(Kind kind, long sequence, @Nullable Instant timestamp) {
        this.kind = kind;
        this.sequence = sequence;
        this.timestamp = timestamp;
    }

    /** Reading goes on for ever. */
    public static StopPosition never() {
        return NEVER;
    }

    /** The last message the stream has when the job starts is the last one read. */
    public static StopPosition latest() {
        return LATEST;
    }

    /** Messages stored at or after the instant are not read. */
    public static StopPosition atTimestamp(Instant timestamp) {
        return new StopPosition(Kind.TIMESTAMP, 0, Objects.requireNonNull(timestamp, "timestamp"));
    }

    /**
     * The message with the sequence is the last one read.
     *
     * @param sequence stream sequence, inclusive, at least 1
     */
    public static StopPosition atSequence(long sequence) {
        if (sequence < 1) {
            throw new IllegalArgumentException(
                    "A stream sequence starts at 1; the stop position is " + sequence + ".");
        }
        return new StopPosition(Kind.SEQUENCE, sequence, null);
    }

    public Kind kind() {
        return kind;
    }

    /** Whether reading ever ends. */
    public boolean isBounded() {
        return kind != Kind.NEVER;
    }

    /** The sequence of {@link Kind#SEQUENCE}, else 0. */
    public long sequence() {
        return sequence;
    }

    /** The instant of {@link Kind#TIMESTAMP}, else null. */
    public @Nullable Instant timestamp() {
        return timestamp;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof StopPosition)) {
            return false;
        }
        StopPosition that = (StopPosition) other;
        return kind == that.kind
                && sequence == that.sequence
                && Objects.equals(timestamp, that.timestamp);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, sequence, timestamp);
    }

    @Override
    public String toString() {
        switch (kind) {
            case NEVER:
                return "never";
            case LATEST:
                return "latest";
            case TIMESTAMP:
                return "timestamp " + timestamp;
            case SEQUENCE:
                return "sequence " + sequence;
        }
        throw new IllegalStateException("Unknown kind " + kind);
    }

    /** The ways to say where reading ends. */
    public enum Kind {
        NEVER,
        LATEST,
        TIMESTAMP,
        SEQUENCE
    }
}

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

    /** The {@link #rowLimit()} of a position without one. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    private static final StopPosition NEVER = new StopPosition(Kind.NEVER, 0, null, NO_LIMIT);
    private static final StopPosition LATEST = new StopPosition(Kind.LATEST, 0, null, NO_LIMIT);

    private final Kind kind;
    private final long sequence;
    private final @Nullable Instant timestamp;
    private final long rowLimit;

    private StopPosition(Kind kind, long sequence, @Nullable Instant timestamp, long rowLimit) {
        this.kind = kind;
        this.sequence = sequence;
        this.timestamp = timestamp;
        this.rowLimit = rowLimit;
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
        return new StopPosition(
                Kind.TIMESTAMP, 0, Objects.requireNonNull(timestamp, "timestamp"), NO_LIMIT);
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
        return new StopPosition(Kind.SEQUENCE, sequence, null, NO_LIMIT);
    }

    /**
     * The same end, or an earlier one: as soon as all readers together have made so many records.
     * Some more may be made.
     *
     * @param rows at least 1
     */
    public StopPosition orAfterRows(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("At least one record must be read, not " + rows);
        }
        return new StopPosition(kind, sequence, timestamp, rows);
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

    /** After how many records reading ends, or {@link #NO_LIMIT}. */
    public long rowLimit() {
        return rowLimit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof StopPosition)) {
            return false;
        }
        StopPosition that = (StopPosition) other;
        return kind == that.kind
                && sequence == that.sequence
                && Objects.equals(timestamp, that.timestamp)
                && rowLimit == that.rowLimit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, sequence, timestamp, rowLimit);
    }

    @Override
    public String toString() {
        return position() + (rowLimit == NO_LIMIT ? "" : " or after " + rowLimit + " rows");
    }

    private String position() {
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

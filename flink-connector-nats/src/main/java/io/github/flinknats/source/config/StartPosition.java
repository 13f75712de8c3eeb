// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * Where reading starts when there is no checkpoint to start from. The enumerator turns it into a
 * stream sequence once, before any split is assigned; a restart never moves it.
 */
@PublicEvolving
public final class StartPosition implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final StartPosition EARLIEST = new StartPosition(Kind.EARLIEST, 0, null, null);
    private static final StartPosition LATEST = new StartPosition(Kind.LATEST, 0, null, null);
    private static final StartPosition LAST_PER_SUBJECT =
            new StartPosition(Kind.LAST_PER_SUBJECT, 0, null, null);

    private final Kind kind;
    private final long sequence;
    private final @Nullable Instant timestamp;
    private final @Nullable DurableConsumer consumer;

    private StartPosition(
            Kind kind,
            long sequence,
            @Nullable Instant timestamp,
            @Nullable DurableConsumer consumer) {
        this.kind = kind;
        this.sequence = sequence;
        this.timestamp = timestamp;
        this.consumer = consumer;
    }

    /** The first message the stream still has. */
    public static StartPosition earliest() {
        return EARLIEST;
    }

    /** The first message stored after the job has started. */
    public static StartPosition latest() {
        return LATEST;
    }

    /** The first message stored at or after the instant. */
    public static StartPosition atTimestamp(Instant timestamp) {
        return new StartPosition(
                Kind.TIMESTAMP, 0, Objects.requireNonNull(timestamp, "timestamp"), null);
    }

    /**
     * The message with the sequence, or the next one after it.
     *
     * @param sequence stream sequence, at least 1
     */
    public static StartPosition atSequence(long sequence) {
        if (sequence < 1) {
            throw new IllegalArgumentException(
                    "A stream sequence starts at 1; the start position is " + sequence + ".");
        }
        return new StartPosition(Kind.SEQUENCE, sequence, null, null);
    }

    /**
     * The newest message of each subject first, as the stream has them when the job starts, then
     * everything stored later.
     */
    public static StartPosition lastPerSubject() {
        return LAST_PER_SUBJECT;
    }

    /**
     * Where a durable consumer stands; the stream is then read through it, by acknowledging what a
     * completed checkpoint holds.
     */
    public static StartPosition ofConsumer(DurableConsumer consumer) {
        return new StartPosition(
                Kind.CONSUMER, 0, null, Objects.requireNonNull(consumer, "consumer"));
    }

    public Kind kind() {
        return kind;
    }

    /** The sequence of {@link Kind#SEQUENCE}, else 0. */
    public long sequence() {
        return sequence;
    }

    /** The instant of {@link Kind#TIMESTAMP}, else null. */
    public @Nullable Instant timestamp() {
        return timestamp;
    }

    /** The consumer of {@link Kind#CONSUMER}, else null. */
    public @Nullable DurableConsumer consumer() {
        return consumer;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof StartPosition)) {
            return false;
        }
        StartPosition that = (StartPosition) other;
        return kind == that.kind
                && sequence == that.sequence
                && Objects.equals(timestamp, that.timestamp)
                && Objects.equals(consumer, that.consumer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, sequence, timestamp, consumer);
    }

    @Override
    public String toString() {
        switch (kind) {
            case EARLIEST:
                return "earliest";
            case LATEST:
                return "latest";
            case TIMESTAMP:
                return "timestamp " + timestamp;
            case SEQUENCE:
                return "sequence " + sequence;
            case LAST_PER_SUBJECT:
                return "the last message of each subject";
            case CONSUMER:
                return "consumer " + consumer;
        }
        throw new IllegalStateException("Unknown kind " + kind);
    }

    /** The ways to say where reading starts. */
    public enum Kind {
        EARLIEST,
        LATEST,
        TIMESTAMP,
        SEQUENCE,
        LAST_PER_SUBJECT,
        CONSUMER
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How messages are read: how much of a split may be under way from the server at once, how fast,
 * and what becomes of messages that cannot be decoded or are gone. What a blocked pipeline can hold
 * in memory is one and a half times the limits per split.
 */
@PublicEvolving
public final class ReadSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Default of {@link #maxMessages()}. */
    public static final int DEFAULT_MAX_MESSAGES = 20_000;

    /** Default of {@link #maxBytes()}: 16 MiB. */
    public static final long DEFAULT_MAX_BYTES = 16L << 20;

    private final int maxMessages;
    private final long maxBytes;
    private final BadRecordPolicy badRecords;
    private final @Nullable Double rateLimit;
    private final DataLossPolicy onDataLoss;

    private ReadSettings(
            int maxMessages,
            long maxBytes,
            BadRecordPolicy badRecords,
            @Nullable Double rateLimit,
            DataLossPolicy onDataLoss) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.badRecords = badRecords;
        this.rateLimit = rateLimit;
        this.onDataLoss = onDataLoss;
    }

    /** The measured defaults. */
    public static ReadSettings defaults() {
        return new ReadSettings(
                DEFAULT_MAX_MESSAGES,
                DEFAULT_MAX_BYTES,
                BadRecordPolicy.fail(),
                null,
                DataLossPolicy.FAIL);
    }

    /**
     * A copy with another message credit.
     *
     * @param messages messages per split, at least 1
     */
    public ReadSettings withMaxMessages(int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException(
                    "At least one message must be allowed in flight, not " + messages + ".");
        }
        return new ReadSettings(messages, maxBytes, badRecords, rateLimit, onDataLoss);
    }

    /**
     * A copy with another byte credit. A message larger than it is still read, alone.
     *
     * @param bytes bytes per split, subject and headers included, at least 1024
     */
    public ReadSettings withMaxBytes(long bytes) {
        if (bytes < 1024) {
            throw new IllegalArgumentException(
                    "At least 1024 bytes must be allowed in flight, not " + bytes + ".");
        }
        return new ReadSettings(maxMessages, bytes, badRecords, rateLimit, onDataLoss);
    }

    /** A copy that does something else with messages that cannot be decoded. */
    public ReadSettings withBadRecords(BadRecordPolicy policy) {
        return new ReadSettings(maxMessages, maxBytes, policy, rateLimit, onDataLoss);
    }

    /**
     * A copy that reads no faster than this.
     *
     * @param recordsPerSecond messages of the whole source, more than 0
     */
    public ReadSettings withRateLimit(double recordsPerSecond) {
        if (!(recordsPerSecond > 0) || Double.isInfinite(recordsPerSecond)) {
            throw new IllegalArgumentException(
                    "More than 0 records per second are needed, not " + recordsPerSecond + ".");
        }
        return new ReadSettings(maxMessages, maxBytes, badRecords, recordsPerSecond, onDataLoss);
    }

    /** A copy that does something else when messages are gone before they were read. */
    public ReadSettings withOnDataLoss(DataLossPolicy policy) {
        return new ReadSettings(
                maxMessages,
                maxBytes,
                badRecords,
                rateLimit,
                Objects.requireNonNull(policy, "policy"));
    }

    /** Messages of one split that may be under way. */
    public int maxMessages() {
        return maxMessages;
    }

    /** Bytes of one split that may be under way, as the server counts them. */
    public long maxBytes() {
        return maxBytes;
    }

    /** What becomes of a message that cannot be decoded. */
    public BadRecordPolicy badRecords() {
        return badRecords;
    }

    /** Messages per second of the whole source, or null for as many as there are. */
    public @Nullable Double rateLimit() {
        return rateLimit;
    }

    /** What to do when messages are gone before they were read. */
    public DataLossPolicy onDataLoss() {
        return onDataLoss;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReadSettings
                && maxMessages == ((ReadSettings) other).maxMessages
                && maxBytes == ((ReadSettings) other).maxBytes
                && badRecords.equals(((ReadSettings) other).badRecords)
                && Objects.equals(rateLimit, ((ReadSettings) other).rateLimit)
                && onDataLoss == ((ReadSettings) other).onDataLoss;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxMessages, maxBytes, badRecords, rateLimit, onDataLoss);
    }

    @Override
    public String toString() {
        return maxMessages
                + " messages, "
                + maxBytes
                + " bytes, bad records: "
                + badRecords
                + ", on data loss "
                + onDataLoss
                + (rateLimit == null ? "" : ", " + rateLimit + " per second");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How a split is read: how much of it may be under way from the server at once, and what to do when
 * messages are gone. What a blocked pipeline can hold in memory is one and a half times the limits
 * per split.
 */
@PublicEvolving
public final class ReadSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Default of {@link #maxMessages()}. */
    public static final int DEFAULT_MAX_MESSAGES = 20_000;

    /** Default of {@link #maxBytes()}: 16 MiB. */
    public static final long DEFAULT_MAX_BYTES = 16L << 20;

    /** The {@link #rowLimit()} of settings without one. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    private final int maxMessages;
    private final long maxBytes;
    private final DataLossPolicy onDataLoss;
    private final long rowLimit;

    private ReadSettings(int maxMessages, long maxBytes, DataLossPolicy onDataLoss, long rowLimit) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.onDataLoss = onDataLoss;
        this.rowLimit = rowLimit;
    }

    /** The measured defaults. */
    public static ReadSettings defaults() {
        return new ReadSettings(
                DEFAULT_MAX_MESSAGES, DEFAULT_MAX_BYTES, DataLossPolicy.FAIL, NO_LIMIT);
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
        return new ReadSettings(messages, maxBytes, onDataLoss, rowLimit);
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
        return new ReadSettings(maxMessages, bytes, onDataLoss, rowLimit);
    }

    /** A copy that does something else when messages are gone before they were read. */
    public ReadSettings withOnDataLoss(DataLossPolicy policy) {
        return new ReadSettings(
                maxMessages, maxBytes, Objects.requireNonNull(policy, "policy"), rowLimit);
    }

    /**
     * A copy that reads until so many records have been made, by all readers together; some more
     * may be.
     *
     * @param rows records, at least 1
     */
    public ReadSettings withRowLimit(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("At least one record must be read, not " + rows);
        }
        return new ReadSettings(maxMessages, maxBytes, onDataLoss, rows);
    }

    /** Messages of one split that may be under way. */
    public int maxMessages() {
        return maxMessages;
    }

    /** Bytes of one split that may be under way, as the server counts them. */
    public long maxBytes() {
        return maxBytes;
    }

    /** What to do when messages are gone before they were read. */
    public DataLossPolicy onDataLoss() {
        return onDataLoss;
    }

    /** After how many records reading stops, or {@link #NO_LIMIT}. */
    public long rowLimit() {
        return rowLimit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof ReadSettings)) {
            return false;
        }
        ReadSettings that = (ReadSettings) other;
        return maxMessages == that.maxMessages
                && maxBytes == that.maxBytes
                && onDataLoss == that.onDataLoss
                && rowLimit == that.rowLimit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxMessages, maxBytes, onDataLoss, rowLimit);
    }

    @Override
    public String toString() {
        return maxMessages
                + " messages, "
                + maxBytes
                + " bytes, on data loss "
                + onDataLoss
                + (rowLimit == NO_LIMIT ? "" : ", " + rowLimit + " rows");
    }
}

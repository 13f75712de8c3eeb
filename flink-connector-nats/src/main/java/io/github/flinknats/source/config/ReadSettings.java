// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * How much of a split may be under way from the server at once. What a blocked pipeline can hold in
 * memory is one and a half times these limits per split.
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

    private ReadSettings(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** The measured defaults. */
    public static ReadSettings defaults() {
        return new ReadSettings(DEFAULT_MAX_MESSAGES, DEFAULT_MAX_BYTES);
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
        return new ReadSettings(messages, maxBytes);
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
        return new ReadSettings(maxMessages, bytes);
    }

    /** Messages of one split that may be under way. */
    public int maxMessages() {
        return maxMessages;
    }

    /** Bytes of one split that may be under way, as the server counts them. */
    public long maxBytes() {
        return maxBytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReadSettings
                && maxMessages == ((ReadSettings) other).maxMessages
                && maxBytes == ((ReadSettings) other).maxBytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxMessages, maxBytes);
    }

    @Override
    public String toString() {
        return maxMessages + " messages, " + maxBytes + " bytes";
    }
}

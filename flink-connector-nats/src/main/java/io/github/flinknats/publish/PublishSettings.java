// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.client.Timeouts;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** How much may be in flight, and for how long. Times in milliseconds. */
@Internal
public final class PublishSettings implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 2_000;

    private static final int LARGEST_GROUP = 64;
    private static final int PARTS = 16;

    private final int maxMessages;
    private final long maxBytes;
    private final long ackTimeout;
    private final long outageTimeout;
    private final boolean acknowledged;

    private PublishSettings(
            int maxMessages,
            long maxBytes,
            long ackTimeout,
            long outageTimeout,
            boolean acknowledged) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.ackTimeout = ackTimeout;
        this.outageTimeout = outageTimeout;
        this.acknowledged = acknowledged;
    }

    /**
     * Limits of one writer.
     *
     * @param maxMessages messages without an acknowledgement, at least 1
     * @param maxBytes their bytes; a message larger than that goes alone
     */
    public static PublishSettings of(int maxMessages, long maxBytes, Timeouts timeouts) {
        if (maxMessages < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("At least one message and one byte must go out.");
        }
        return new PublishSettings(
                maxMessages,
                maxBytes,
                timeouts.request().toMillis(),
                timeouts.outage().toMillis(),
                true);
    }

    /** A copy for messages of which nobody says whether they are stored. */
    public PublishSettings unacknowledged() {
        return new PublishSettings(maxMessages, maxBytes, ackTimeout, outageTimeout, false);
    }

    /** Whether a message counts as stored only when its stream says so. */
    boolean isAcknowledged() {
        return acknowledged;
    }

    int maxMessages() {
        return maxMessages;
    }

    long maxBytes() {
        return maxBytes;
    }

    /** How many messages may share a reply subject: not so many that the window stands still. */
    int groupMessages() {
        return Math.max(1, Math.min(LARGEST_GROUP, maxMessages / PARTS));
    }

    /** With so many bytes a group takes no more messages. */
    long groupBytes() {
        return maxBytes / PARTS;
    }

    /** How long nothing may be answered before what is in flight is sent again. */
    long ackTimeout() {
        return Math.min(ackTimeout, Math.max(1, outageTimeout / 2));
    }

    /** How long nothing may be stored before publishing fails. */
    long outageTimeout() {
        return outageTimeout;
    }

    /** How long to wait after so many failures in a row. */
    long pause(int failures) {
        return Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(10, failures - 1));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof PublishSettings)) {
            return false;
        }
        PublishSettings that = (PublishSettings) other;
        return maxMessages == that.maxMessages
                && maxBytes == that.maxBytes
                && ackTimeout == that.ackTimeout
                && outageTimeout == that.outageTimeout
                && acknowledged == that.acknowledged;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxMessages, maxBytes, ackTimeout, outageTimeout, acknowledged);
    }

    @Override
    public String toString() {
        return maxMessages
                + " messages, "
                + maxBytes
                + " bytes, acknowledged within "
                + ackTimeout
                + " ms, outage "
                + outageTimeout
                + " ms"
                + (acknowledged ? "" : ", nothing acknowledged");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** How long and how often the server waits for the acknowledgement of a message. */
@Internal
public final class DeliveryLimits implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Duration ackWait;
    private final long maxAckPending;
    private final long maxDeliver;

    private DeliveryLimits(Duration ackWait, long maxAckPending, long maxDeliver) {
        this.ackWait = ackWait;
        this.maxAckPending = maxAckPending;
        this.maxDeliver = maxDeliver;
    }

    public static DeliveryLimits of(Duration ackWait, long maxAckPending, long maxDeliver) {
        return new DeliveryLimits(ackWait, maxAckPending, maxDeliver);
    }

    /**
     * After which time a message that was not acknowledged is delivered again, at the earliest:
     * {@code ack_wait}, or the shortest of {@code backoff}.
     */
    public Duration ackWait() {
        return ackWait;
    }

    /** How many messages may wait for their acknowledgement; 0 or less: any number. */
    public long maxAckPending() {
        return maxAckPending;
    }

    /** How often a message is delivered before the server gives it up; 0 or less: for ever. */
    public long maxDeliver() {
        return maxDeliver;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof DeliveryLimits)) {
            return false;
        }
        DeliveryLimits that = (DeliveryLimits) other;
        return ackWait.equals(that.ackWait)
                && maxAckPending == that.maxAckPending
                && maxDeliver == that.maxDeliver;
    }

    @Override
    public int hashCode() {
        return Objects.hash(ackWait, maxAckPending, maxDeliver);
    }

    @Override
    public String toString() {
        return "ack_wait "
                + Failures.seconds(ackWait)
                + ", max_ack_pending "
                + maxAckPending
                + ", max_deliver "
                + maxDeliver;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.config;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/** How messages are written. */
@PublicEvolving
public final class WriteSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Default of {@link #maxInFlight()}. */
    public static final int DEFAULT_MAX_IN_FLIGHT = 4_000;

    private final DeliveryGuarantee guarantee;
    private final int maxInFlight;
    private final FlushSettings flush;

    private WriteSettings(DeliveryGuarantee guarantee, int maxInFlight, FlushSettings flush) {
        this.guarantee = guarantee;
        this.maxInFlight = maxInFlight;
        this.flush = flush;
    }

    /** At least once. */
    public static WriteSettings defaults() {
        return new WriteSettings(
                DeliveryGuarantee.AT_LEAST_ONCE, DEFAULT_MAX_IN_FLIGHT, FlushSettings.off());
    }

    /**
     * A copy with another guarantee.
     *
     * @throws IllegalArgumentException for exactly once, which this version does not offer
     */
    public WriteSettings withGuarantee(DeliveryGuarantee kind) {
        if (kind == DeliveryGuarantee.EXACTLY_ONCE) {
            throw new IllegalArgumentException(
                    "This version does not write exactly once: choose 'at-least-once', and give"
                            + " messages an id (metadata 'msg-id') where repetitions matter, so"
                            + " that the stream drops them within its duplicate window.");
        }
        return new WriteSettings(kind, maxInFlight, flush);
    }

    /**
     * A copy with another limit of messages that are not acknowledged.
     *
     * @param messages per writer, at least 1
     */
    public WriteSettings withMaxInFlight(int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException(
                    "At least one message must be allowed in flight, not " + messages + ".");
        }
        return new WriteSettings(guarantee, messages, flush);
    }

    /** A copy that keeps only the last message of each subject until it is flushed. */
    public WriteSettings withFlush(FlushSettings settings) {
        return new WriteSettings(guarantee, maxInFlight, settings);
    }

    public DeliveryGuarantee guarantee() {
        return guarantee;
    }

    public int maxInFlight() {
        return maxInFlight;
    }

    public FlushSettings flush() {
        return flush;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof WriteSettings)) {
            return false;
        }
        WriteSettings that = (WriteSettings) other;
        return guarantee == that.guarantee
                && maxInFlight == that.maxInFlight
                && flush.equals(that.flush);
    }

    @Override
    public int hashCode() {
        return Objects.hash(guarantee, maxInFlight, flush);
    }

    @Override
    public String toString() {
        return guarantee + ", " + maxInFlight + " in flight, " + flush;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.config;

import java.io.Serializable;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/** How messages are written. */
@PublicEvolving
public final class WriteSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Default of {@link #maxInFlight()}. */
    public static final int DEFAULT_MAX_IN_FLIGHT = 4_000;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    private final DeliveryGuarantee guarantee;
    private final int maxInFlight;
    private final FlushSettings flush;
    private final @Nullable String sinkId;

    private WriteSettings(
            DeliveryGuarantee guarantee,
            int maxInFlight,
            FlushSettings flush,
            @Nullable String sinkId) {
        this.guarantee = guarantee;
        this.maxInFlight = maxInFlight;
        this.flush = flush;
        this.sinkId = sinkId;
    }

    /** At least once. */
    public static WriteSettings defaults() {
        return new WriteSettings(
                DeliveryGuarantee.AT_LEAST_ONCE, DEFAULT_MAX_IN_FLIGHT, FlushSettings.off(), null);
    }

    /** A copy with another guarantee. Exactly once needs {@link #withSinkId}, too. */
    public WriteSettings withGuarantee(DeliveryGuarantee kind) {
        return new WriteSettings(kind, maxInFlight, flush, sinkId);
    }

    /**
     * A copy that names the writer across restarts: two jobs that run at the same time must not
     * have the same.
     *
     * @param id at most 32 letters, digits, '-' and '_'; null for none
     */
    public WriteSettings withSinkId(@Nullable String id) {
        if (id != null && !ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "A sink id has 1 to 32 letters (a to z, A to Z), digits, '-' and '_', unlike '"
                            + id
                            + "'.");
        }
        return new WriteSettings(guarantee, maxInFlight, flush, id);
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
        return new WriteSettings(guarantee, messages, flush, sinkId);
    }

    /** A copy that keeps only the last message of each subject until it is flushed. */
    public WriteSettings withFlush(FlushSettings settings) {
        return new WriteSettings(guarantee, maxInFlight, settings, sinkId);
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

    /** The writer's name across restarts; only for exactly once. */
    public @Nullable String sinkId() {
        return sinkId;
    }

    /** What does not go together, as a sentence without its options' names; null when all does. */
    public @Nullable String conflict() {
        boolean exactlyOnce = guarantee == DeliveryGuarantee.EXACTLY_ONCE;
        if (exactlyOnce && sinkId == null) {
            return "writing exactly once needs a sink id: a name that the sink keeps when the job"
                    + " restarts, and that no other job has";
        }
        return !exactlyOnce && sinkId != null
                ? "a sink id means nothing unless writing is exactly once"
                : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof WriteSettings)) {
            return false;
        }
        WriteSettings that = (WriteSettings) other;
        return guarantee == that.guarantee
                && maxInFlight == that.maxInFlight
                && flush.equals(that.flush)
                && Objects.equals(sinkId, that.sinkId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(guarantee, maxInFlight, flush, sinkId);
    }

    @Override
    public String toString() {
        return guarantee
                + ", "
                + maxInFlight
                + " in flight, "
                + flush
                + (sinkId == null ? "" : ", sink id " + sinkId);
    }
}

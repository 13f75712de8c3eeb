// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What the server said about a durable consumer at one moment. */
@Internal
public final class ConsumerFacts implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Progress is reported three times within it, on a clock that ticks every 100 ms. */
    private static final Duration SHORTEST_ACK_WAIT = Duration.ofSeconds(1);

    /** A reader has up to eight pulls waiting, and a lost connection leaves its own behind. */
    private static final long LEAST_WAITING = 16;

    private static final long SERVER_ACK_WAIT = Duration.ofSeconds(30).toNanos();
    private static final long SERVER_MAX_WAITING = 512;

    private final Instant created;
    private final ArrayList<String> filters;
    private final DeliveryLimits limits;
    private final ArrayList<String> faults;

    private ConsumerFacts(
            Instant created, List<String> filters, DeliveryLimits limits, List<String> faults) {
        this.created = created;
        this.filters = new ArrayList<>(filters);
        this.limits = limits;
        this.faults = new ArrayList<>(faults);
    }

    /** Facts about a consumer that can be read by acknowledging, if there are no faults. */
    public static ConsumerFacts of(
            Instant created, List<String> filters, DeliveryLimits limits, List<String> faults) {
        return new ConsumerFacts(created, filters, limits, faults);
    }

    /** Reads the answer to {@code $JS.API.CONSUMER.INFO}. */
    static ConsumerFacts parse(JsonValue json) {
        JsonValue config = JsonValueUtils.readObject(json, "config");
        List<String> filters =
                new ArrayList<>(JsonValueUtils.readStringList(config, "filter_subjects"));
        String sole = JsonValueUtils.readString(config, "filter_subject", "");
        if (!sole.isEmpty()) {
            filters.add(sole);
        }
        long wait = JsonValueUtils.readLong(config, "ack_wait", SERVER_ACK_WAIT);
        for (Duration step : JsonValueUtils.readNanosList(config, "backoff")) {
            wait = Math.min(wait, step.toNanos());
        }
        DeliveryLimits limits =
                DeliveryLimits.of(
                        Duration.ofNanos(wait),
                        JsonValueUtils.readLong(config, "max_ack_pending", -1),
                        JsonValueUtils.readLong(config, "max_deliver", -1));
        return new ConsumerFacts(
                OffsetDateTime.parse(JsonValueUtils.readString(json, "created")).toInstant(),
                filters,
                limits,
                faults(json, config, limits));
    }

    private static List<String> faults(JsonValue json, JsonValue config, DeliveryLimits limits) {
        List<String> faults = new ArrayList<>();
        String target = JsonValueUtils.readString(config, "deliver_subject", "");
        if (!target.isEmpty()) {
            faults.add(
                    "its 'deliver_subject' is '" + target + "', so it pushes: it must be pulled");
        }
        String policy = JsonValueUtils.readString(config, "ack_policy", "none");
        if (!policy.equals("explicit")) {
            faults.add("its 'ack_policy' is '" + policy + "': it must be 'explicit'");
        }
        if (limits.ackWait().compareTo(SHORTEST_ACK_WAIT) < 0) {
            faults.add(
                    "its 'ack_wait' (or the shortest 'backoff') is "
                            + Failures.seconds(limits.ackWait())
                            + ": it must be at least 1 s");
        }
        long waiting = JsonValueUtils.readLong(config, "max_waiting", SERVER_MAX_WAITING);
        if (waiting > 0 && waiting < LEAST_WAITING) {
            faults.add(
                    "its 'max_waiting' is " + waiting + ": it must be at least " + LEAST_WAITING);
        }
        if (JsonValueUtils.readBoolean(config, "headers_only")) {
            faults.add("its 'headers_only' is true, so it delivers no payload: it must be false");
        }
        long threshold = JsonValueUtils.readLong(config, "inactive_threshold", 0);
        if (threshold > 0) {
            faults.add(
                    "its 'inactive_threshold' is "
                            + Failures.seconds(Duration.ofNanos(threshold))
                            + ", so it would be deleted while the job is down: it must not be set");
        }
        if (!JsonValueUtils.readStringList(config, "priority_groups").isEmpty()) {
            faults.add("its 'priority_groups' are set: they must not be");
        }
        if (JsonValueUtils.readBoolean(json, "paused")) {
            faults.add(
                    "it is paused ('pause_until' is "
                            + JsonValueUtils.readString(config, "pause_until", "set")
                            + "): resume it");
        }
        return faults;
    }

    /** When it was made: another time means another consumer under the same name. */
    public Instant created() {
        return created;
    }

    /** Subjects that it delivers; none means all subjects of the stream. */
    public List<String> filters() {
        return Collections.unmodifiableList(filters);
    }

    public DeliveryLimits limits() {
        return limits;
    }

    /** Why it cannot be read by acknowledging, each naming a field; empty when it can. */
    public List<String> faults() {
        return Collections.unmodifiableList(faults);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof ConsumerFacts)) {
            return false;
        }
        ConsumerFacts that = (ConsumerFacts) other;
        return created.equals(that.created)
                && filters.equals(that.filters)
                && limits.equals(that.limits)
                && faults.equals(that.faults);
    }

    @Override
    public int hashCode() {
        return Objects.hash(created, filters, limits, faults);
    }

    @Override
    public String toString() {
        return "created " + created + ", " + filters + ", " + limits + ", faults " + faults;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.io.Serializable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What the server said at one moment about a stream that is written to. */
@Internal
public final class StreamTarget implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StreamFacts facts;
    private final Instant at;
    private final long deleted;
    private final StreamRules rules;

    private StreamTarget(StreamFacts facts, Instant at, long deleted, StreamRules rules) {
        this.facts = facts;
        this.at = at;
        this.deleted = deleted;
        this.rules = rules;
    }

    /**
     * A stream to write to.
     *
     * @param at the server's time
     * @param deleted how many sequences between the first and the last have no message
     */
    public static StreamTarget of(StreamFacts facts, Instant at, long deleted, StreamRules rules) {
        return new StreamTarget(facts, at, deleted, rules);
    }

    /** Reads the answer to {@code $JS.API.STREAM.INFO}. */
    static StreamTarget parse(JsonValue json) {
        JsonValue state = JsonValueUtils.readObject(json, "state");
        String time = JsonValueUtils.readString(json, "ts");
        return new StreamTarget(
                StreamFacts.parse(json),
                time == null ? Instant.now() : OffsetDateTime.parse(time).toInstant(),
                JsonValueUtils.readLong(state, "num_deleted", 0),
                StreamRules.parse(JsonValueUtils.readObject(json, "config")));
    }

    public StreamFacts facts() {
        return facts;
    }

    /** The server's time when it said so. */
    public Instant at() {
        return at;
    }

    /** How many sequences between the first and the last have no message. */
    public long deleted() {
        return deleted;
    }

    public StreamRules rules() {
        return rules;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof StreamTarget)) {
            return false;
        }
        StreamTarget that = (StreamTarget) other;
        return facts.equals(that.facts)
                && at.equals(that.at)
                && deleted == that.deleted
                && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return Objects.hash(facts, at, deleted, rules);
    }

    @Override
    public String toString() {
        return facts + ", " + deleted + " deleted, " + rules + ", at " + at;
    }
}

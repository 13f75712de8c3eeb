// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.io.Serializable;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What the server said about a stream at one moment. */
@Internal
public final class StreamFacts implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StreamIdentity identity;
    private final long firstSequence;
    private final long lastSequence;
    private final StreamShape shape;

    private StreamFacts(
            StreamIdentity identity, long firstSequence, long lastSequence, StreamShape shape) {
        this.identity = identity;
        this.firstSequence = firstSequence;
        this.lastSequence = lastSequence;
        this.shape = shape;
    }

    public static StreamFacts of(
            StreamIdentity identity, long firstSequence, long lastSequence, StreamShape shape) {
        return new StreamFacts(identity, firstSequence, lastSequence, shape);
    }

    /** Reads the answer to {@code $JS.API.STREAM.INFO}. */
    static StreamFacts parse(JsonValue json) {
        JsonValue config = JsonValueUtils.readObject(json, "config");
        JsonValue state = JsonValueUtils.readObject(json, "state");
        boolean fedByStreams =
                JsonValueUtils.readValue(config, "mirror") != null
                        || JsonValueUtils.readValue(config, "sources") != null
                        || JsonValueUtils.readValue(config, "subject_transform") != null;
        List<String> subjects = JsonValueUtils.readStringList(config, "subjects");
        return new StreamFacts(
                StreamIdentity.of(
                        JsonValueUtils.readString(config, "name"),
                        OffsetDateTime.parse(JsonValueUtils.readString(json, "created"))
                                .toInstant()),
                JsonValueUtils.readLong(state, "first_seq", 0),
                JsonValueUtils.readLong(state, "last_seq", 0),
                StreamShape.of(
                        subjects,
                        JsonValueUtils.readString(config, "retention", "limits"),
                        fedByStreams,
                        JsonValueUtils.readLong(config, "max_msgs_per_subject", -1) > 0));
    }

    public StreamIdentity identity() {
        return identity;
    }

    /** The sequence of the first message, or of the next one to come when there is none. */
    public long firstSequence() {
        return firstSequence;
    }

    /** The sequence given last; 0 when there never was a message. */
    public long lastSequence() {
        return lastSequence;
    }

    public StreamShape shape() {
        return shape;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof StreamFacts)) {
            return false;
        }
        StreamFacts that = (StreamFacts) other;
        return identity.equals(that.identity)
                && firstSequence == that.firstSequence
                && lastSequence == that.lastSequence
                && shape.equals(that.shape);
    }

    @Override
    public int hashCode() {
        return Objects.hash(identity, firstSequence, lastSequence, shape);
    }

    @Override
    public String toString() {
        return identity + ", " + firstSequence + ".." + lastSequence + ", " + shape;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.client.StreamTarget;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** The stream as it was before a commit was first tried: what is not behind it, is not its own. */
@Internal
public final class CommitBase implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StreamIdentity stream;
    private final long lastSequence;
    private final Instant at;
    private final boolean atomic;

    private CommitBase(StreamIdentity stream, long lastSequence, Instant at, boolean atomic) {
        if (lastSequence < 0) {
            throw new IllegalArgumentException("The last sequence cannot be " + lastSequence + ".");
        }
        this.stream = Objects.requireNonNull(stream, "stream");
        this.lastSequence = lastSequence;
        this.at = Objects.requireNonNull(at, "at");
        this.atomic = atomic;
    }

    public static CommitBase of(
            StreamIdentity stream, long lastSequence, Instant at, boolean atomic) {
        return new CommitBase(stream, lastSequence, at, atomic);
    }

    static CommitBase of(StreamTarget target) {
        return new CommitBase(
                target.facts().identity(),
                target.facts().lastSequence(),
                target.at(),
                target.rules().isAtomic());
    }

    public StreamIdentity stream() {
        return stream;
    }

    /** The last sequence that the stream had given. */
    public long lastSequence() {
        return lastSequence;
    }

    /** The server's time. */
    public Instant at() {
        return at;
    }

    /** Whether the stream took atomic batches. */
    public boolean isAtomic() {
        return atomic;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof CommitBase)) {
            return false;
        }
        CommitBase that = (CommitBase) other;
        return stream.equals(that.stream)
                && lastSequence == that.lastSequence
                && at.equals(that.at)
                && atomic == that.atomic;
    }

    @Override
    public int hashCode() {
        return Objects.hash(stream, lastSequence, at, atomic);
    }

    @Override
    public String toString() {
        return stream + " at " + lastSequence + ", " + at + (atomic ? ", atomic" : "");
    }
}

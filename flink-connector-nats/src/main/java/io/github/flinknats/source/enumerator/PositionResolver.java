// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import io.github.flinknats.source.split.SequenceRange;
import java.time.Instant;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.apache.flink.annotation.Internal;

/** Turns positions as a user writes them into the sequences of one stream. */
@Internal
final class PositionResolver {
    private final StreamFacts facts;
    private final ToLongFunction<Instant> sequenceAt;

    /**
     * @param facts the stream as it is now
     * @param sequenceAt gives the first sequence stored at or after an instant, one past the last
     *     when there is none
     */
    PositionResolver(StreamFacts facts, ToLongFunction<Instant> sequenceAt) {
        this.facts = facts;
        this.sequenceAt = sequenceAt;
    }

    /**
     * Never before the first message that there is: what is gone before the start is no loss. Nor
     * before the first that the query can use, of those that there are: what is stored from now on
     * may be wanted by another query that takes over from a savepoint.
     */
    SequenceRange resolve(StartPosition start, StopPosition stop, Narrowing narrowing) {
        long useful = Math.min(firstUseful(narrowing), facts.lastSequence() + 1);
        long next = Math.max(Math.max(1, facts.firstSequence()), Math.max(useful, first(start)));
        SequenceRange range = SequenceRange.of(next, last(stop));
        return start.kind() == StartPosition.Kind.LAST_PER_SUBJECT
                ? range.withSnapshotUpTo(facts.lastSequence())
                : range;
    }

    private long first(StartPosition start) {
        switch (start.kind()) {
            case EARLIEST:
            case LAST_PER_SUBJECT:
                return facts.firstSequence();
            case LATEST:
                return facts.lastSequence() + 1;
            case TIMESTAMP:
                return sequenceAt.applyAsLong(
                        Objects.requireNonNull(start.timestamp(), "timestamp"));
            case SEQUENCE:
                return start.sequence();
            case CONSUMER:
                throw new IllegalArgumentException("A durable consumer knows its position itself.");
        }
        throw new IllegalStateException("Unknown start " + start);
    }

    private long firstUseful(Narrowing narrowing) {
        return narrowing.from().equals(Instant.MIN)
                ? narrowing.firstSequence()
                : Math.max(narrowing.firstSequence(), sequenceAt.applyAsLong(narrowing.from()));
    }

    private long last(StopPosition stop) {
        switch (stop.kind()) {
            case NEVER:
                return SequenceRange.UNBOUNDED;
            case LATEST:
                return facts.lastSequence();
            case TIMESTAMP:
                return sequenceAt.applyAsLong(Objects.requireNonNull(stop.timestamp(), "timestamp"))
                        - 1;
            case SEQUENCE:
                return stop.sequence();
        }
        throw new IllegalStateException("Unknown stop " + stop);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.source.split.NatsSplit;
import java.time.Duration;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** The ways in which a cursor gives up, told with its stream, filters and position. */
@Internal
final class CursorFailures {
    private final Failures failures;
    private final StreamIdentity stream;
    private final boolean filtered;
    private final String filters;

    CursorFailures(Failures failures, NatsSplit split) {
        this.failures = failures;
        this.stream = split.stream();
        this.filtered = !split.filters().isEmpty();
        this.filters =
                split.filters().isEmpty()
                        ? "all subjects"
                        : "subjects " + String.join(", ", split.filters());
    }

    NatsFailure outage(
            long position, long limitMillis, String reason, @Nullable NatsFailure cause) {
        return failures.outage(
                stream.name(), position, Duration.ofMillis(limitMillis), reason, cause);
    }

    NatsFailure refused(long position, String reason) {
        return failures.readRefused(stream.name(), position, reason);
    }

    NatsFailure missing(long position) {
        return failures.dataLoss(
                stream.name(),
                filters,
                "the stream does not exist any more; the job wants its sequence "
                        + position
                        + " next",
                "wait for a new stream of that name");
    }

    NatsFailure recreated(long position, StreamFacts facts) {
        return failures.dataLoss(
                stream.name(),
                filters,
                "the stream was made again at "
                        + facts.identity().created()
                        + " and has the sequences "
                        + range(facts)
                        + "; the job wants sequence "
                        + position
                        + " of the one made at "
                        + stream.created(),
                "read the new stream from its first message");
    }

    NatsFailure rolledBack(long position, StreamFacts facts) {
        return failures.dataLoss(
                stream.name(),
                filters,
                "the job wants sequence "
                        + position
                        + " next, but the stream ends at "
                        + facts.lastSequence()
                        + ": it was set back",
                "go on at sequence " + (facts.lastSequence() + 1));
    }

    NatsFailure diverged(long position, StreamFacts facts, long available) {
        return failures.dataLoss(
                stream.name(),
                filters,
                "the job wants sequence "
                        + position
                        + " next of a stream that was set back: it has the sequences "
                        + range(facts)
                        + ", and other messages than those that were read from "
                        + available
                        + " on",
                "go on at sequence " + available);
    }

    NatsFailure expired(long position, StreamFacts facts) {
        return failures.dataLoss(
                stream.name(),
                filters,
                "the job wants sequence "
                        + position
                        + " next, but the first one available is "
                        + facts.firstSequence()
                        + ": the messages in between expired or were purged"
                        + (filtered ? ", and these subjects may have been among them" : ""),
                "go on at sequence " + facts.firstSequence());
    }

    private static String range(StreamFacts facts) {
        return facts.firstSequence() > facts.lastSequence()
                ? "from " + facts.firstSequence() + " on, none of them yet"
                : facts.firstSequence() + " to " + facts.lastSequence();
    }
}

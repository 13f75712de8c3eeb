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
    private final String filters;

    CursorFailures(Failures failures, NatsSplit split) {
        this.failures = failures;
        this.stream = split.stream();
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

    NatsFailure recreated(long position, StreamFacts facts) {
        return failures.dataLoss(
                stream.name(),
                filters,
                "the stream was made again at "
                        + facts.identity().created()
                        + "; the job was at sequence "
                        + position
                        + " of the one made at "
                        + stream.created());
    }

    NatsFailure rolledBack(long position, StreamFacts facts) {
        return failures.dataLoss(
                stream.name(),
                filters,
                "the stream ends at sequence "
                        + facts.lastSequence()
                        + ", but the job has already read up to "
                        + (position - 1)
                        + ": the stream was set back");
    }

    NatsFailure expired(long position, StreamFacts facts) {
        return failures.dataLoss(
                stream.name(),
                filters,
                "the job wants sequence "
                        + position
                        + " next, but the first one available is "
                        + facts.firstSequence()
                        + ": the messages in between expired or were purged");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.record.NatsRecord;
import io.github.flinknats.source.config.BadRecordPolicy;
import io.github.flinknats.subject.Printable;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does with a message that cannot be decoded what the policy says. */
@Internal
@OwnedBy(ThreadRole.TASK)
final class BadRecords {
    private static final Logger LOG = LoggerFactory.getLogger(BadRecords.class);
    private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;

    private final BadRecordPolicy policy;
    private final @Nullable DeadLetters deadLetters;
    private final ReaderMetrics metrics;
    private long unlogged;
    private long loggedAt;
    private boolean everLogged;

    BadRecords(BadRecordPolicy policy, @Nullable DeadLetters deadLetters, ReaderMetrics metrics) {
        this.policy = policy;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
    }

    /**
     * Returns when the message may be passed over.
     *
     * @throws NatsFailure when the job is to fail
     */
    void handle(NatsRecord message, Exception problem) {
        metrics.onBadRecord();
        if (policy.action() == BadRecordPolicy.Action.FAIL) {
            throw Failures.undecodable(
                    message.stream(), message.sequence(), message.subject(), problem);
        }
        String reason = Failures.reason(problem);
        if (deadLetters == null) {
            metrics.onSkipped();
        } else {
            deadLetters.add(message, reason);
            metrics.onDeadLetter();
        }
        log(message, reason, System.nanoTime());
    }

    /** One line for the first, and at most one in ten seconds for the others. */
    private void log(NatsRecord message, String reason, long now) {
        unlogged++;
        if (everLogged && now - loggedAt < NANOS_BETWEEN_LINES) {
            return;
        }
        LOG.warn(
                "{} the message with sequence {} and subject {} of stream {}, because {}"
                        + " ({} since the last such line)",
                deadLetters == null ? "Skipped" : "Sent to " + policy.deadLetterSubject(),
                message.sequence(),
                Printable.quote(message.subject()),
                message.stream(),
                reason,
                unlogged);
        unlogged = 0;
        loggedAt = now;
        everLogged = true;
    }
}

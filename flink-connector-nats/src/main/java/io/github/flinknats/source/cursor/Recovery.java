// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.NatsFailure;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Paces attempts and measures how long reading has been broken. It is over only when the consumer
 * has shown life, not when a request was answered: a server that answers and never delivers must
 * not keep a job running in silence.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class Recovery {
    private static final long NEVER = Long.MIN_VALUE;
    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 5_000;

    private long since = NEVER;
    private long retryAt = NEVER;
    private long pause = FIRST_PAUSE;
    private String reason = "";
    private @Nullable NatsFailure cause;

    /** Reading broke, or an attempt to mend it failed. */
    void broken(String why, @Nullable NatsFailure failure, long now) {
        if (since == NEVER) {
            since = now;
        }
        reason = why;
        cause = failure;
    }

    /** Nothing is wanted from the server just now: time that passes so is no outage. */
    void postponed(long now) {
        if (since != NEVER) {
            since = now;
        }
    }

    /** The next attempt may start now, or after the pause when one was started just before. */
    boolean mayTry(long now) {
        return now >= retryAt;
    }

    /** An attempt starts: the next one, should it be needed, waits longer. */
    void tried(long now) {
        retryAt = now + pause;
        pause = Math.min(LONGEST_PAUSE, pause * 2);
    }

    /** Messages or heartbeats arrive again. */
    void over() {
        if (since != NEVER) {
            since = NEVER;
            reason = "";
            cause = null;
        }
        pause = FIRST_PAUSE;
    }

    boolean isUnderWay() {
        return since != NEVER;
    }

    boolean hasLasted(long limit, long now) {
        return since != NEVER && now - since >= limit;
    }

    String reason() {
        return reason;
    }

    @Nullable NatsFailure cause() {
        return cause;
    }
}

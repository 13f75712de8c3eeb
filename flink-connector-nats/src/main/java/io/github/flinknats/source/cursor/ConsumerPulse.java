// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Whether the current consumer lives and all that it has sent has arrived: consumer sequences have
 * no gap, and something is heard from it as long as it owes us anything.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class ConsumerPulse {
    private final CursorSettings settings;
    private final PullCredits credits;

    private long next = 1;
    private long signAt;
    private long messageAt;

    ConsumerPulse(CursorSettings settings, PullCredits credits) {
        this.settings = settings;
        this.credits = credits;
    }

    /** A consumer was made. */
    void start(long now) {
        next = 1;
        messageAt = now;
    }

    /** A message came; returns what is wrong with its number, or null. */
    @Nullable String onMessage(long consumerSequence, long now) {
        if (consumerSequence != next) {
            return "message " + consumerSequence + " came when " + next + " was due";
        }
        next++;
        signAt = now;
        messageAt = now;
        return null;
    }

    /** A heartbeat came; returns what is missing according to it, or null. */
    @Nullable String onHeartbeat(long lastConsumerSequence, long now) {
        signAt = now;
        return lastConsumerSequence == next - 1
                ? null
                : "the server has sent "
                        + lastConsumerSequence
                        + " messages, but "
                        + (next - 1)
                        + " arrived";
    }

    void onStatus(long now) {
        signAt = now;
    }

    /** The next pull, which the server has to show life for. */
    CursorCommand pull(long now) {
        if (!credits.anyOpen()) {
            signAt = now;
        }
        return credits.pull(now + settings.pullLife() + settings.silence());
    }

    /** Why the consumer must be given up, or null. */
    @Nullable String ailment(long now) {
        if (credits.anyOpen() && now - signAt > settings.silence()) {
            return "no sign of life for " + (now - signAt) + " ms";
        }
        return credits.anyOverdue(now) ? "a request for messages got lost" : null;
    }

    /** How long no message has come. */
    long idle(long now) {
        return now - messageAt;
    }
}

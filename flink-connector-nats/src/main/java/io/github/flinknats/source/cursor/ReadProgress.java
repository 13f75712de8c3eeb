// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.split.NatsSplit;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * How far a split has been read, and whether anything is left of it.
 *
 * <p>The end is known only by what the server counted <em>after</em> the stream had reached the
 * stop position: {@code endInSight} therefore holds for a consumer that was made after the stream
 * had been seen to be long enough, and answers that overtake each other cannot end a read too
 * early.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class ReadProgress {
    private final NatsSplit split;
    private final CursorFailures failures;
    private final long stop;

    private long next;
    private boolean everRead;
    private boolean endInSight;
    private long pending;
    private long heartbeat;
    private long readBefore;
    private long probed;

    ReadProgress(NatsSplit split, CursorFailures failures) {
        this.split = split;
        this.failures = failures;
        this.stop = split.range().stop();
        this.next = split.range().next();
        this.everRead = split.lastRead().sequence() > 0;
    }

    /** The sequence to read next. */
    long next() {
        return next;
    }

    /** How many messages the server has left for the consumer, as far as is known. */
    long pending() {
        return pending;
    }

    /** Why the stream is not the one that was being read, or null. */
    @Nullable NatsFailure contradiction(StreamFacts facts) {
        if (!facts.identity().equals(split.stream())) {
            return failures.recreated(next, facts);
        }
        return facts.lastSequence() < readBefore ? failures.rolledBack(next, facts) : null;
    }

    /** Why a consumer made now could not go on where the last one was, or null. */
    @Nullable NatsFailure gap(StreamFacts facts) {
        boolean gone = everRead && facts.firstSequence() > next;
        // Where newer messages push out older ones of their subject, gaps are normal.
        return gone && !facts.shape().isLimitedPerSubject() ? failures.expired(next, facts) : null;
    }

    /** A consumer is about to be made. */
    void onInspected(StreamFacts facts) {
        endInSight = stop <= facts.lastSequence();
    }

    /** A consumer was made, and this many messages wait for it. */
    void onOpened(long waiting) {
        pending = waiting;
        heartbeat = 0;
    }

    /** Below: servers before 2.11 start at the end when the start lies beyond it. */
    boolean wants(long sequence) {
        return sequence >= next && sequence <= stop;
    }

    void onMessage(long sequence, long stillPending) {
        pending = stillPending;
        if (sequence >= next) {
            next = sequence + 1;
            everRead = true;
        }
    }

    /** The consumer has looked at everything up to the sequence and delivered what matched. */
    void onHeartbeat(long lastStreamSequence) {
        heartbeat = lastStreamSequence;
    }

    boolean nothingLeft() {
        return next > stop || (endInSight && (pending == 0 || heartbeat >= stop));
    }

    /**
     * The stream is asked for its state: the answer tells nothing about what comes meanwhile, so it
     * is compared with what is known now.
     */
    void onAsked() {
        readBefore = everRead ? next - 1 : 0;
        probed = heartbeat;
    }

    /** Whether the consumer claims to have looked at more than there is. */
    boolean isAhead(StreamFacts facts) {
        return probed > facts.lastSequence() && probed >= next;
    }

    /** Whether the end came into being after the consumer did, which may never hear of it. */
    boolean mayHavePassedTheEnd(StreamFacts facts) {
        return !endInSight && stop <= facts.lastSequence() && pending == 0;
    }

    /**
     * Passes over what has been looked at and was not wanted, so that a filter that seldom matches
     * does not keep a position that expires.
     *
     * @return whether the position has moved
     */
    boolean skipUnwanted() {
        if (probed < next) {
            return false;
        }
        next = probed + 1;
        return true;
    }
}

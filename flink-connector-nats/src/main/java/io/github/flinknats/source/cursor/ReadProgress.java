// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.source.split.LastRead;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
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
    private final CursorFailures failures;
    private final Narrowing narrowing;
    private final long lastStoreTime;
    private final LossWatch watch;
    private NatsSplit split;

    private long stop;
    private long next;
    private long lastSequence;
    private long lastTimestampNanos;
    private boolean snapshotting;
    private boolean endInSight;
    private boolean limitedPerSubject;
    private long pending;
    private long heartbeat;
    private long looked;
    private long readBefore;
    private long probed;

    /**
     * @param narrowing what is wanted of the split: where it has an end, it ends with what is
     *     wanted
     */
    ReadProgress(NatsSplit split, Narrowing narrowing, CursorFailures failures) {
        this.failures = failures;
        this.narrowing = narrowing;
        this.lastStoreTime =
                split.range().isBounded() ? narrowing.lastStoreNanos() : Long.MAX_VALUE;
        this.watch =
                new LossWatch(
                        split.filters().isEmpty() && narrowing.passesAllSubjects(),
                        split.range().isBegun());
        this.split = split;
        start(split);
    }

    private void start(NatsSplit from) {
        split = from;
        stop = stop(from);
        next = from.range().next();
        looked = next - 1;
        lastSequence = from.lastRead().sequence();
        lastTimestampNanos = from.lastRead().timestampNanos();
        snapshotting = false;
        endInSight = false;
        pending = 0;
        heartbeat = 0;
    }

    private long stop(NatsSplit from) {
        long end = from.range().stop();
        if (!from.range().isBounded()) {
            return end; // Another query may take over the position, and want more.
        }
        return narrowing.passesNothing(from.filters())
                ? 0
                : Math.min(end, narrowing.lastSequence());
    }

    /** The sequence to read next. */
    long next() {
        return next;
    }

    LossWatch watch() {
        return watch;
    }

    /** How many messages the server has left for the consumer, as far as is known. */
    long pending() {
        return pending;
    }

    /** Whether it is this stream that is being read. */
    boolean reads(StreamIdentity stream) {
        return stream.equals(split.stream());
    }

    /** The message accepted last. */
    LastRead lastRead() {
        return LastRead.of(lastSequence, lastTimestampNanos);
    }

    /** Whether only the newest message of each subject is wanted just now. */
    boolean isInSnapshot() {
        return next <= split.range().snapshotEnd();
    }

    // ------------------------------------------------------------------ is it still all there?

    /**
     * What is gone of the stream, or null.
     *
     * @param reading whether a consumer is at work: then only what raised a doubt is judged
     */
    @Nullable Loss loss(Inspection inspection, boolean reading) {
        StreamFacts facts = inspection.facts();
        if (!reads(facts.identity())) {
            return moved(
                    facts, Math.max(1, facts.firstSequence()), failures.recreated(next, facts));
        }
        if (inspection.divergence() > 0) {
            return moved(
                    facts,
                    inspection.divergence(),
                    failures.diverged(next, facts, inspection.divergence()));
        }
        if (facts.lastSequence() < readBefore) {
            return moved(facts, facts.lastSequence() + 1, failures.rolledBack(next, facts));
        }
        long unread = looked <= facts.lastSequence() ? Math.max(next, looked + 1) : next;
        long from = watch.askedFrom(reading ? Long.MAX_VALUE : unread);
        watch.onAnswered();
        return watch.isBegun() && LossWatch.hasLeft(from, facts)
                ? Loss.gap(failures.expired(from, facts), from, facts.firstSequence())
                : null;
    }

    private Loss moved(StreamFacts facts, long from, NatsFailure why) {
        long end = split.range().stop();
        SequenceRange rest =
                split.range().isBounded()
                        ? SequenceRange.of(from, Math.min(end, facts.lastSequence()))
                        : SequenceRange.from(from);
        return Loss.moved(why, next, split.movedTo(facts.identity(), rest));
    }

    /** Accepts a loss. */
    void goOn(Loss loss) {
        NatsSplit moved = loss.moved();
        if (moved != null) {
            watch.restart();
            start(moved);
        } else if (loss.wanted() >= next) {
            passOver(loss.available());
        }
    }

    private void passOver(long position) {
        next = Math.max(next, position);
        looked = Math.max(looked, next - 1);
    }

    // ------------------------------------------------------------------ what the server says

    /** A consumer is about to be made. */
    void onInspected(StreamFacts facts) {
        endInSight = stop <= facts.lastSequence();
        limitedPerSubject = facts.shape().isLimitedPerSubject();
        if (!watch.isBegun()) {
            // Nothing is missed: nobody was told yet where reading starts.
            passOver(Math.min(facts.firstSequence(), facts.lastSequence() + 1));
        }
    }

    /** A consumer was made, and this many messages wait for it. */
    void onOpened(long waiting) {
        pending = waiting;
        heartbeat = 0;
        watch.consumerMade();
        snapshotting = isInSnapshot();
        if (snapshotting && waiting == 0) {
            passOver(split.range().snapshotEnd() + 1);
        }
    }

    /**
     * A message arrived.
     *
     * @return whether it is wanted: servers before 2.11 start at the end when the start lies beyond
     *     it
     */
    boolean onMessage(long sequence, long timestampNanos, long stillPending) {
        if (snapshotting && sequence > split.range().snapshotEnd()) {
            passOver(split.range().snapshotEnd() + 1);
            return false;
        }
        if (timestampNanos > lastStoreTime) {
            stop = Math.min(stop, sequence - 1);
        }
        boolean wanted = sequence >= next && sequence <= stop;
        if (!limitedPerSubject && !snapshotting) {
            watch.onMessage(sequence, looked + 1, pending, stillPending);
        }
        pending = stillPending;
        if (sequence >= next) {
            lastSequence = sequence;
            lastTimestampNanos = timestampNanos;
            next = sequence + 1;
        }
        looked = Math.max(looked, sequence);
        return wanted;
    }

    /** The consumer has looked at everything up to the sequence and delivered what matched. */
    void onHeartbeat(long lastStreamSequence) {
        heartbeat = lastStreamSequence;
        if (!snapshotting) {
            watch.onIdle(Math.max(next, looked + 1), pending);
        } else if (lastStreamSequence >= split.range().snapshotEnd()) {
            passOver(split.range().snapshotEnd() + 1);
        }
        looked = Math.max(looked, lastStreamSequence);
    }

    /**
     * Whether the snapshot is complete. A message or heartbeat behind it shows that; how many
     * messages wait does not, as older ones of a subject, which are not in it, are counted when
     * they go.
     */
    boolean mustLeaveSnapshot() {
        return snapshotting && !isInSnapshot();
    }

    /** What was counted is of the snapshot. */
    void onSnapshotLeft() {
        snapshotting = false;
        endInSight = false;
    }

    /** Whether the position has passed the stop. */
    boolean isPastTheEnd() {
        return next > stop && !watch.isInDoubt();
    }

    boolean nothingLeft() {
        boolean passed = pending == 0 || heartbeat >= stop;
        return isPastTheEnd() || (endInSight && passed && !isInSnapshot() && !watch.isInDoubt());
    }

    /**
     * The stream is asked for its state: the answer tells nothing about what comes meanwhile, so it
     * is compared with what is known now.
     */
    void onAsked() {
        readBefore = lastSequence > 0 ? next - 1 : 0;
        probed = heartbeat;
        watch.onAsked();
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
        if (probed < next || snapshotting) {
            return false;
        }
        next = probed + 1;
        return true;
    }
}

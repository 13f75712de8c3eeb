// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConsumerFacts;
import io.github.flinknats.client.DurableFailures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.split.AckLedger;
import io.github.flinknats.source.split.DurableProgress;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.source.split.SequenceSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a split is read through a durable consumer: a state machine without thread, clock or
 * socket, like {@link PullCursor}.
 *
 * <pre>
 * OFFLINE --connected--> WAITING --inspect--> INSPECTING --stream and consumer--> READING
 *    ^                      ^                                                        |
 *    +---- disconnected ----+------------------ silent, refused --------------------+
 * </pre>
 *
 * <p>The promise: {@link #accept} lets each message through once, in the order in which they come,
 * whatever is delivered again; and no message is acknowledged that was not released by a completed
 * checkpoint. So what a checkpoint does not hold is delivered again after a restart, and what it
 * does hold is dropped then. Here a message that got lost on its way needs no care: the server
 * delivers it again by itself.
 *
 * <p>Dropping needs to know all that was emitted, in one place. This is why one reader reads all of
 * a durable consumer: the server chooses whom to deliver to again, and after a crash it has
 * forgotten its last acknowledgements, so two readers would have to ask one another about every
 * message.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class DurableCursor {
    private enum State {
        OFFLINE,
        WAITING,
        INSPECTING,
        READING,
        FAILED
    }

    /** Servers before 2.11 tell a slightly other time of creation once they were restarted. */
    private static final Duration SAME_CREATION = Duration.ofSeconds(1);

    private final NatsSplit split;
    private final DurableProgress start;
    private final CursorSettings settings;
    private final CursorFailures failures;
    private final DurableFailures durableFailures;
    private final PullCredits credits;
    private final Recovery recovery = new Recovery();

    /** All that was let through, now or before a restart. */
    private final SequenceSet known;

    private final AckWindow window;

    private State state = State.OFFLINE;
    private long highest;

    /** What was highest when the stream was asked: more may come before its answer. */
    private long highestAsked;

    private long maxAckPending = Long.MAX_VALUE;
    private boolean warned;

    private int request;
    private long requestedAt;
    private long signAt;
    private @Nullable DurableCommand lastWord;

    DurableCursor(
            NatsSplit split,
            CursorSettings settings,
            CursorFailures failures,
            DurableFailures durableFailures) {
        this.split = split;
        this.start = Objects.requireNonNull(split.durable(), "durable");
        this.settings = settings;
        this.failures = failures;
        this.durableFailures = durableFailures;
        this.credits = new PullCredits(settings.read().maxMessages(), settings.read().maxBytes());
        this.window = new AckWindow(settings.requestTimeout());
        this.known = SequenceSet.of(start.emitted());
        this.highest = known.last();
        // The checkpoint that holds them is the one that was restored, so it has completed.
        release(start.unacknowledged());
    }

    // ------------------------------------------------------------------ what happened

    /** The connection is up, for the first time or again. */
    void onConnected(long now) {
        if (state == State.OFFLINE) {
            if (!recovery.isUnderWay()) {
                recovery.broken("the first answer is still missing", null, now);
            }
            state = State.WAITING;
        }
    }

    /** The connection broke. */
    void onDisconnected(String reason, @Nullable NatsFailure cause, long now) {
        if (state != State.FAILED) {
            abandon(State.OFFLINE, reason, cause, now);
        }
    }

    /**
     * The server answered INSPECT.
     *
     * @param consumer null when there is none
     */
    void onInspected(int number, StreamFacts stream, @Nullable ConsumerFacts consumer, long now) {
        if (number != request || state != State.INSPECTING) {
            return;
        }
        NatsFailure contradiction = contradiction(stream, consumer);
        if (contradiction != null || consumer == null) {
            fail(Objects.requireNonNull(contradiction, "contradiction"));
            return;
        }
        window.setAckWait(consumer.limits().ackWait().toMillis());
        long limit = consumer.limits().maxAckPending();
        maxAckPending = limit > 0 ? limit : Long.MAX_VALUE;
        window.sendAgain();
        signAt = now;
        state = State.READING;
    }

    private @Nullable NatsFailure contradiction(
            StreamFacts stream, @Nullable ConsumerFacts consumer) {
        if (!stream.identity().equals(split.stream())) {
            return durableFailures.otherStream(
                    "the stream was made again at " + stream.identity().created());
        }
        if (stream.lastSequence() < highestAsked) {
            return durableFailures.otherStream(
                    "the stream was set back: it ends at sequence " + stream.lastSequence());
        }
        if (consumer == null) {
            return durableFailures.gone("the consumer is gone");
        }
        if (isOther(consumer.created())) {
            return durableFailures.gone(
                    "the consumer was made again at "
                            + consumer.created()
                            + "; the job was reading from the one made at "
                            + start.created());
        }
        return consumer.faults().isEmpty() ? null : durableFailures.incompatible(consumer.faults());
    }

    private boolean isOther(Instant created) {
        return Duration.between(start.created(), created).abs().compareTo(SAME_CREATION) >= 0;
    }

    /** INSPECT failed. */
    void onRequestFailed(int number, NatsFailure failure, long now) {
        if (number != request || state != State.INSPECTING) {
            return;
        }
        if (failure.isRetriable()) {
            abandon(State.WAITING, failure.sentence(), failure, now);
        } else {
            fail(failure);
        }
    }

    /**
     * A message arrived.
     *
     * @return whether it comes for the first time; if not, it must be dropped
     */
    boolean accept(long sequence, long consumerSequence, long bytes, long now) {
        if (state == State.FAILED) {
            return false;
        }
        credits.received(bytes);
        onSign(now);
        boolean fresh = known.add(sequence);
        if (fresh) {
            highest = Math.max(highest, sequence);
            window.delivered(sequence, consumerSequence, now);
            return true;
        }
        credits.released(1, bytes);
        if (window.contains(sequence)) {
            window.delivered(sequence, consumerSequence, now);
        } else {
            // Acknowledged long ago; the server has forgotten it, or had sent the message before.
            window.release(sequence);
        }
        return false;
    }

    /** Accepted messages left for the task thread. */
    void onHandedOver(long messages, long bytes) {
        credits.released(messages, bytes);
    }

    /** A waiting pull is alive. */
    void onHeartbeat(long now) {
        onSign(now);
    }

    private void onSign(long now) {
        signAt = now;
        if (state == State.READING) {
            recovery.over();
        }
    }

    /** A pull ended, or the server says that it cannot be served. */
    void onStatus(PullStatus status, long now) {
        if (state != State.READING) {
            return;
        }
        signAt = now;
        switch (status.meaning()) {
            case FINISHED:
                credits.ended(status.pull(), status.unusedMessages(), status.unusedBytes());
                return;
            case TOO_LARGE:
                credits.endedByBytes(status.pull(), status.unusedMessages(), status.unusedBytes());
                return;
            case REFUSED:
                fail(failures.refused(highest + 1, status.text()));
                return;
            case GONE:
                lost("the server says: " + status.text(), now);
                return;
        }
        throw new IllegalStateException("Unknown meaning " + status.meaning());
    }

    /** A completed checkpoint holds these messages. */
    void release(SequenceSet sequences) {
        release(sequences.ranges());
        known.forget(AckLedger.REMEMBERED_RANGES, window.first());
    }

    private void release(List<SequenceRange> ranges) {
        for (SequenceRange range : ranges) {
            for (long sequence = range.next(); sequence <= range.stop(); sequence++) {
                window.release(sequence);
            }
        }
    }

    /**
     * The server confirmed the acknowledgement of a message.
     *
     * @return whether that is news
     */
    boolean onConfirmed(long sequence) {
        return window.confirmed(sequence);
    }

    // ------------------------------------------------------------------ what to do

    /** What to do now, or null. To be asked until it returns null, and again from time to time. */
    @Nullable DurableCommand poll(long now) {
        if (lastWord != null) {
            DurableCommand word = lastWord;
            lastWord = null;
            return word;
        }
        if (state == State.FAILED) {
            return null;
        }
        if (state == State.OFFLINE && !recovery.isUnderWay()) {
            recovery.broken("there is no connection yet", null, now);
        }
        if (recovery.hasLasted(settings.outageTimeout(), now)) {
            fail(
                    failures.outage(
                            highest + 1,
                            settings.outageTimeout(),
                            recovery.reason(),
                            recovery.cause()));
            return poll(now);
        }
        switch (state) {
            case WAITING:
                return recovery.mayTry(now) ? inspect(now) : null;
            case INSPECTING:
                if (now - requestedAt > settings.requestTimeout() * 3 / 2) {
                    abandon(State.WAITING, "a request was never answered", null, now);
                }
                return null;
            case READING:
                return pollReading(now);
            case OFFLINE:
            case FAILED:
                return null;
        }
        throw new IllegalStateException("Unknown state " + state);
    }

    private DurableCommand inspect(long now) {
        recovery.tried(now);
        state = State.INSPECTING;
        requestedAt = now;
        highestAsked = highest;
        return DurableCommand.inspect(++request);
    }

    private @Nullable DurableCommand pollReading(long now) {
        if (credits.anyOpen() && now - signAt > settings.silence()) {
            lost("no sign of life for " + (now - signAt) + " ms", now);
            return poll(now);
        }
        if (credits.anyOverdue(now)) {
            lost("a request for messages got lost", now);
            return poll(now);
        }
        long due = window.nextInProgress(now);
        if (due != AckWindow.NOTHING) {
            return DurableCommand.progress(due);
        }
        long acknowledgeable = window.nextToAcknowledge(now);
        if (acknowledgeable != AckWindow.NOTHING) {
            return DurableCommand.acknowledge(acknowledgeable);
        }
        if (!warned && window.size() >= maxAckPending) {
            warned = true;
            return DurableCommand.warn(maxAckPending);
        }
        if (credits.wantsPull()) {
            if (!credits.anyOpen()) {
                signAt = now;
            }
            return DurableCommand.pull(
                    credits.pull(now + settings.pullLife() + settings.silence()));
        }
        if (!credits.anyOpen()) {
            // The task thread holds all there may be: the server cannot show that it lives.
            recovery.postponed(now);
        }
        return null;
    }

    // ------------------------------------------------------------------ transitions

    private void lost(String reason, long now) {
        abandon(State.WAITING, reason, null, now);
    }

    private void abandon(State into, String reason, @Nullable NatsFailure cause, long now) {
        state = into;
        request++;
        credits.reset();
        recovery.broken(reason, cause, now);
    }

    private void fail(NatsFailure failure) {
        state = State.FAILED;
        credits.reset();
        lastWord = DurableCommand.fail(failure);
    }

    /** Whether something is to be acknowledged, and may be: not while reading is broken. */
    boolean isUnsettled() {
        return state == State.READING && window.isUnsettled();
    }

    /**
     * What no completed checkpoint holds, with the consumer sequence of its last delivery: of no
     * use to this reader any more when it closes.
     */
    Map<Long, Long> unreleased() {
        return window.unreleased();
    }

    /** Why reading is broken, empty when it is not. */
    String trouble() {
        return recovery.reason();
    }

    @Override
    public String toString() {
        return split.splitId() + " up to " + highest + ", " + state;
    }
}

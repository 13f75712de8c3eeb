// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.FailureKind;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.source.config.DataLossPolicy;
import io.github.flinknats.source.split.LastRead;
import io.github.flinknats.source.split.NatsSplit;
import java.util.ArrayDeque;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a split is read: a state machine without thread, clock or socket. What happened and
 * the time (milliseconds, any origin) go in, commands come out of {@link #poll}. The way through
 * its states is drawn at {@link CursorState}.
 *
 * <p>The promise: what {@link #accept} lets through is each wanted message once, in stream order.
 * Delivery is known to be complete because consumer sequences have no gap; whenever they have one,
 * or the server is silent, or says that the consumer is gone, another consumer is made at the next
 * stream sequence. A tail that got lost shows in no message, only in a heartbeat that has counted
 * further than what arrived.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
public final class PullCursor {
    private final NatsSplit split;
    private final CursorSettings settings;
    private final CursorFailures failures;
    private final ReadProgress progress;
    private final PullCredits credits;
    private final ConsumerPulse pulse;
    private final Recovery recovery = new Recovery();

    private CursorState state = CursorState.OFFLINE;

    private int request;
    private boolean probing;
    private long requestedAt;
    private boolean skipDue;
    private long doubtAt = Long.MIN_VALUE;
    private final ArrayDeque<CursorCommand> words = new ArrayDeque<>();

    PullCursor(NatsSplit split, CursorSettings settings, CursorFailures failures) {
        this.split = split;
        this.settings = settings;
        this.failures = failures;
        this.progress = new ReadProgress(split, settings.narrowing(), failures);
        this.credits = new PullCredits(settings.read().maxMessages(), settings.read().maxBytes());
        this.pulse = new ConsumerPulse(settings, credits);
        endIfNothingLeft();
    }

    NatsSplit split() {
        return split;
    }

    public long next() {
        return progress.next();
    }

    /** How many messages the server has left. */
    long pending() {
        return progress.pending();
    }

    boolean isOver() {
        return state == CursorState.ENDED || state == CursorState.FAILED;
    }

    /** The connection is up, for the first time or again. */
    void onConnected(long now) {
        if (state == CursorState.OFFLINE) {
            if (!recovery.isUnderWay()) {
                recovery.broken("the first answer is still missing", null, now);
            }
            state = CursorState.WAITING;
        }
    }

    /** The connection broke. What was in flight is lost. */
    void onDisconnected(String reason, @Nullable NatsFailure cause, long now) {
        if (!isOver()) {
            abandon(CursorState.OFFLINE, reason, cause, now);
        }
    }

    /** The server answered INSPECT. */
    void onStream(int number, Inspection inspection, long now) {
        boolean answered =
                state == CursorState.INSPECTING || (state == CursorState.READING && probing);
        if (number != request || !answered) {
            return;
        }
        Loss loss = progress.loss(inspection, state == CursorState.READING);
        if (loss != null) {
            onLoss(loss, now);
        }
        if (state == CursorState.INSPECTING) {
            progress.onInspected(inspection.facts());
            state = CursorState.CHECKED;
        } else if (state == CursorState.READING) {
            onProbed(inspection.facts(), now);
        }
        // What the consumer has counted says nothing of the one that may be made now.
        if (progress.isPastTheEnd() || state == CursorState.READING) {
            endIfNothingLeft();
        }
    }

    private void onLoss(Loss loss, long now) {
        if (settings.read().onDataLoss() == DataLossPolicy.FAIL) {
            fail(loss.failure());
            return;
        }
        words.add(CursorCommand.lost(loss));
        long before = next();
        progress.goOn(loss);
        if (loss.moved() != null) {
            lost("the stream is not the one that was read", now);
        } else if (next() > before) {
            words.add(CursorCommand.skip(next()));
        }
    }

    private void onProbed(StreamFacts facts, long now) {
        probing = false;
        if (progress.isAhead(facts)) {
            lost("the consumer stands beyond the stream's end at " + facts.lastSequence(), now);
            return;
        }
        skipDue |= progress.skipUnwanted();
        if (progress.mayHavePassedTheEnd(facts)) {
            progress.onInspected(facts);
            state = CursorState.CHECKED;
        }
    }

    /**
     * The server answered OPEN: the consumer exists and this many messages wait for it.
     *
     * @param stream the stream after the consumer was made, so the one that it reads
     */
    void onOpened(int number, StreamIdentity stream, long waiting, long now) {
        if (number != request || state != CursorState.OPENING) {
            return;
        }
        if (!progress.reads(stream)) {
            lost("the stream was made again just now", now);
            return;
        }
        state = CursorState.READING;
        progress.onOpened(waiting);
        credits.reset();
        pulse.start(now);
        probing = false;
        requestedAt = now;
        endIfNothingLeft();
    }

    void onRequestFailed(int number, NatsFailure failure, long now) {
        if (number != request || isOver() || state == CursorState.OFFLINE) {
            return;
        }
        boolean missing = failure.kind() == FailureKind.MISSING;
        boolean patient = missing && settings.read().onDataLoss() == DataLossPolicy.CONTINUE;
        if (!failure.isRetriable() && !patient) {
            fail(missing ? failures.missing(next()) : failure);
        } else if (state == CursorState.READING && !missing) {
            // A probe is a question, not a need: the consumer's own signs of life decide.
            probing = false;
            progress.watch().onUnanswered();
            doubtAt = now + 100; // Not all the time.
        } else {
            abandon(CursorState.WAITING, failure.sentence(), failure, now);
        }
    }

    /**
     * A message of the current consumer arrived. Hot path: allocates nothing.
     *
     * @param storedAt when the message was stored, in nanoseconds since the epoch
     * @param stillPending how many more messages the consumer has to deliver
     * @param bytes the message's size as the server counts it
     * @return whether it is the next one wanted; if not, it must be dropped
     */
    boolean accept(
            long streamSequence,
            long consumerSequence,
            long storedAt,
            long stillPending,
            long bytes,
            long now) {
        if (state != CursorState.READING) {
            return false;
        }
        credits.received(bytes);
        String gap = pulse.onMessage(consumerSequence, now);
        if (gap != null) {
            credits.released(1, bytes);
            lost(gap, now);
            return false;
        }
        recovery.over();
        boolean wanted = progress.onMessage(streamSequence, storedAt, stillPending);
        if (!wanted) {
            credits.released(1, bytes);
        }
        endIfNothingLeft();
        return wanted;
    }

    void onHandedOver(long messages, long bytes) {
        credits.released(messages, bytes);
    }

    /** A waiting pull is alive; the server says how far the consumer has come. */
    void onHeartbeat(long lastStreamSequence, long lastConsumerSequence, long now) {
        if (state != CursorState.READING) {
            return;
        }
        String gap = pulse.onHeartbeat(lastConsumerSequence, now);
        if (gap != null) {
            lost(gap, now);
            return;
        }
        recovery.over();
        progress.onHeartbeat(lastStreamSequence);
        endIfNothingLeft();
    }

    /** Whether what has been accepted must wait: messages before it may be lost. */
    boolean isInDoubt() {
        return progress.watch().isInDoubt();
    }

    void onStatus(PullStatus status, long now) {
        if (state != CursorState.READING) {
            return;
        }
        pulse.onStatus(now);
        switch (status.meaning()) {
            case FINISHED:
                credits.ended(status.pull(), status.unusedMessages(), status.unusedBytes());
                return;
            case TOO_LARGE:
                credits.endedByBytes(status.pull(), status.unusedMessages(), status.unusedBytes());
                return;
            case REFUSED:
                fail(failures.refused(next(), status.text()));
                return;
            case GONE:
                lost("the server says: " + status.text(), now);
                return;
        }
        throw new IllegalStateException("Unknown meaning " + status.meaning());
    }

    /** What to do now, or null. To be asked until it returns null, and again from time to time. */
    @Nullable CursorCommand poll(long now) {
        if (!words.isEmpty() || isOver()) {
            return words.poll();
        }
        if (state == CursorState.OFFLINE && !recovery.isUnderWay()) {
            recovery.broken("there is no connection yet", null, now);
        }
        if (recovery.hasLasted(settings.outageTimeout(), now)) {
            fail(
                    failures.outage(
                            next(), settings.outageTimeout(), recovery.reason(), recovery.cause()));
            return poll(now);
        }
        switch (state) {
            case WAITING:
                if (!recovery.mayTry(now)) {
                    return null;
                }
                recovery.tried(now);
                state = CursorState.INSPECTING;
                return ask(progress.lastRead(), now);
            case CHECKED:
                return open(now);
            case INSPECTING:
            case OPENING:
                if (now - requestedAt > settings.requestTimeout() * 3 / 2) {
                    abandon(CursorState.WAITING, "a request was never answered", null, now);
                }
                return null;
            case READING:
                return pollReading(now);
            case OFFLINE:
            case ENDED:
            case FAILED:
                return null;
        }
        throw new IllegalStateException("Unknown state " + state);
    }

    private CursorCommand ask(LastRead known, long now) {
        progress.onAsked();
        return CursorCommand.inspect(nextRequest(now), known);
    }

    private CursorCommand open(long now) {
        state = CursorState.OPENING;
        int number = nextRequest(now);
        return progress.isInSnapshot()
                ? CursorCommand.snapshot(number)
                : CursorCommand.open(number, next());
    }

    private @Nullable CursorCommand pollReading(long now) {
        String ailment = pulse.ailment(now);
        if (ailment != null) {
            lost(ailment, now);
            return poll(now);
        }
        if (progress.watch().mustAsk() && !probing && now >= doubtAt) {
            probing = true;
            return ask(LastRead.nothing(), now);
        }
        if (skipDue) {
            skipDue = false;
            return CursorCommand.skip(next());
        }
        if (credits.wantsPull()) {
            return pulse.pull(now);
        }
        if (!credits.anyOpen()) {
            // The task thread holds all there may be: the server cannot show that it lives.
            progress.watch().onStarved();
            recovery.postponed(now);
            return null;
        }
        long interval = settings.probeInterval(split.range().isBounded());
        if (!probing && pulse.idle(now) > interval && now - requestedAt > interval) {
            probing = true;
            return ask(LastRead.nothing(), now);
        }
        return null;
    }

    private int nextRequest(long now) {
        requestedAt = now;
        return ++request;
    }

    private void lost(String reason, long now) {
        abandon(CursorState.WAITING, reason, null, now);
    }

    private void abandon(CursorState into, String reason, @Nullable NatsFailure cause, long now) {
        leave(into);
        recovery.broken(reason, cause, now);
    }

    /** The consumer is worth nothing any more; late answers and messages are ignored. */
    private void leave(CursorState into) {
        state = into;
        request++;
        probing = false;
        progress.watch().onUnanswered();
        credits.reset();
    }

    private void endIfNothingLeft() {
        if (state == CursorState.READING && progress.mustLeaveSnapshot()) {
            // What comes from here on is read by an ordinary consumer, made at once.
            progress.onSnapshotLeft();
            leave(CursorState.CHECKED);
            skipDue = true;
        }
        if (!isOver() && progress.nothingLeft()) {
            leave(CursorState.ENDED);
            words.add(CursorCommand.end());
        }
    }

    private void fail(NatsFailure failure) {
        leave(CursorState.FAILED);
        words.add(CursorCommand.fail(failure));
    }

    long inUseMessages() {
        return credits.inUseMessages();
    }

    String trouble() {
        return recovery.reason();
    }

    @Override
    public String toString() {
        return split.splitId() + " at " + next() + ", " + state;
    }
}

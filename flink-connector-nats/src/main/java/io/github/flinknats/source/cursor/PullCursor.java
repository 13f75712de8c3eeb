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
 * Decides how a split is read: a state machine without thread, clock or socket. What happened and
 * the time (milliseconds, any origin) go in, commands come out of {@link #poll}.
 *
 * <pre>
 * OFFLINE --connected--> WAITING --inspect--> INSPECTING --stream--> CHECKED --open--> OPENING
 *    ^                      ^                                                             |
 *    |                      |                                                          opened
 *    |                      |                                                             v
 *    +---- disconnected ----+------------- lost, silent, refused ---------------------- READING
 * </pre>
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
    private enum State {
        OFFLINE,
        WAITING,
        INSPECTING,
        CHECKED,
        OPENING,
        READING,
        ENDED,
        FAILED
    }

    private final NatsSplit split;
    private final CursorSettings settings;
    private final CursorFailures failures;
    private final ReadProgress progress;
    private final PullCredits credits;
    private final Recovery recovery = new Recovery();

    private State state = State.OFFLINE;
    private long consumerNext = 1;

    private int request;
    private boolean probing;
    private long requestedAt;
    private long signAt;
    private long messageAt;
    private boolean skipDue;

    private @Nullable CursorCommand lastWord;

    PullCursor(NatsSplit split, CursorSettings settings, CursorFailures failures) {
        this.split = split;
        this.settings = settings;
        this.failures = failures;
        this.progress = new ReadProgress(split, failures);
        this.credits = new PullCredits(settings.read().maxMessages(), settings.read().maxBytes());
        endIfNothingLeft();
    }

    /** The sequence to read next. */
    public long next() {
        return progress.next();
    }

    /** How many messages the server has left. */
    long pending() {
        return progress.pending();
    }

    /** Whether {@link #poll} has said its last word, or is about to. */
    boolean isOver() {
        return state == State.ENDED || state == State.FAILED;
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

    /** The connection broke. What was in flight is lost. */
    void onDisconnected(String reason, @Nullable NatsFailure cause, long now) {
        if (!isOver()) {
            abandon(State.OFFLINE, reason, cause, now);
        }
    }

    /** The server answered INSPECT. */
    void onStream(int number, StreamFacts facts, long now) {
        if (number != request || isOver()) {
            return;
        }
        NatsFailure contradiction = progress.contradiction(facts);
        if (contradiction != null) {
            fail(contradiction);
        } else if (state == State.INSPECTING) {
            onInspected(facts);
        } else if (state == State.READING && probing) {
            onProbed(facts, now);
        }
    }

    private void onInspected(StreamFacts facts) {
        NatsFailure gap = progress.gap(facts);
        if (gap != null) {
            fail(gap);
        } else {
            progress.onInspected(facts);
            state = State.CHECKED;
        }
    }

    private void onProbed(StreamFacts facts, long now) {
        probing = false;
        if (progress.isAhead(facts)) {
            lost("the consumer stands beyond the stream's end at " + facts.lastSequence(), now);
            return;
        }
        if (progress.skipUnwanted()) {
            skipDue = true;
        }
        if (progress.mayHavePassedTheEnd(facts)) {
            progress.onInspected(facts);
            state = State.CHECKED;
        }
    }

    /** The server answered OPEN: the consumer exists and this many messages wait for it. */
    void onOpened(int number, long waiting, long now) {
        if (number != request || state != State.OPENING) {
            return;
        }
        state = State.READING;
        progress.onOpened(waiting);
        credits.reset();
        consumerNext = 1;
        probing = false;
        messageAt = now;
        requestedAt = now;
        endIfNothingLeft();
    }

    /** INSPECT or OPEN failed. */
    void onRequestFailed(int number, NatsFailure failure, long now) {
        if (number != request || isOver() || state == State.OFFLINE) {
            return;
        }
        if (!failure.isRetriable()) {
            fail(failure);
        } else if (state == State.READING) {
            // A probe is a question, not a need: the consumer's own signs of life decide.
            probing = false;
        } else {
            abandon(State.WAITING, failure.sentence(), failure, now);
        }
    }

    /**
     * A message of the current consumer arrived. Hot path: allocates nothing.
     *
     * @param stillPending how many more messages the consumer has to deliver
     * @param bytes the message's size as the server counts it
     * @return whether it is the next one wanted; if not, it must be dropped
     */
    boolean accept(
            long streamSequence, long consumerSequence, long stillPending, long bytes, long now) {
        if (state != State.READING) {
            return false;
        }
        credits.received(bytes);
        if (consumerSequence != consumerNext) {
            credits.released(1, bytes);
            lost("message " + consumerSequence + " came when " + consumerNext + " was due", now);
            return false;
        }
        consumerNext++;
        signAt = now;
        messageAt = now;
        recovery.over();
        boolean wanted = progress.wants(streamSequence);
        if (!wanted) {
            credits.released(1, bytes);
        }
        progress.onMessage(streamSequence, stillPending);
        endIfNothingLeft();
        return wanted;
    }

    /** Accepted messages left for the task thread. */
    void onHandedOver(long messages, long bytes) {
        credits.released(messages, bytes);
    }

    /** A waiting pull is alive; the server says how far the consumer has come. */
    void onHeartbeat(long lastStreamSequence, long lastConsumerSequence, long now) {
        if (state != State.READING) {
            return;
        }
        signAt = now;
        if (lastConsumerSequence != consumerNext - 1) {
            lost(
                    "the server has sent "
                            + lastConsumerSequence
                            + " messages, but "
                            + (consumerNext - 1)
                            + " arrived",
                    now);
            return;
        }
        recovery.over();
        progress.onHeartbeat(lastStreamSequence);
        endIfNothingLeft();
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
                fail(failures.refused(next(), status.text()));
                return;
            case GONE:
                lost("the server says: " + status.text(), now);
                return;
        }
        throw new IllegalStateException("Unknown meaning " + status.meaning());
    }

    // ------------------------------------------------------------------ what to do

    /** What to do now, or null. To be asked until it returns null, and again from time to time. */
    @Nullable CursorCommand poll(long now) {
        if (lastWord != null) {
            CursorCommand word = lastWord;
            lastWord = null;
            return word;
        }
        if (isOver()) {
            return null;
        }
        if (state == State.OFFLINE && !recovery.isUnderWay()) {
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
                return recovery.mayTry(now) ? inspect(now) : null;
            case CHECKED:
                return open(now);
            case INSPECTING:
            case OPENING:
                if (now - requestedAt > settings.requestTimeout() * 3 / 2) {
                    abandon(State.WAITING, "a request was never answered", null, now);
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

    private CursorCommand inspect(long now) {
        recovery.tried(now);
        state = State.INSPECTING;
        return askForStream(now);
    }

    private CursorCommand askForStream(long now) {
        progress.onAsked();
        return CursorCommand.inspect(nextRequest(now));
    }

    private CursorCommand open(long now) {
        state = State.OPENING;
        return CursorCommand.open(nextRequest(now), next());
    }

    private @Nullable CursorCommand pollReading(long now) {
        if (credits.anyOpen() && now - signAt > settings.silence()) {
            lost("no sign of life for " + (now - signAt) + " ms", now);
            return poll(now);
        }
        if (credits.anyOverdue(now)) {
            lost("a request for messages got lost", now);
            return poll(now);
        }
        if (skipDue) {
            skipDue = false;
            return CursorCommand.skip(next());
        }
        if (credits.wantsPull()) {
            if (!credits.anyOpen()) {
                signAt = now;
            }
            return credits.pull(now + settings.pullLife() + settings.silence());
        }
        if (!credits.anyOpen()) {
            // The task thread holds all there may be: the server cannot show that it lives.
            recovery.postponed(now);
            return null;
        }
        long interval = settings.probeInterval(split.range().isBounded());
        if (!probing && now - messageAt > interval && now - requestedAt > interval) {
            probing = true;
            return askForStream(now);
        }
        return null;
    }

    private int nextRequest(long now) {
        requestedAt = now;
        return ++request;
    }

    // ------------------------------------------------------------------ transitions

    private void lost(String reason, long now) {
        abandon(State.WAITING, reason, null, now);
    }

    /** The consumer is worth nothing any more; late answers and messages are ignored. */
    private void abandon(State into, String reason, @Nullable NatsFailure cause, long now) {
        state = into;
        request++;
        probing = false;
        credits.reset();
        recovery.broken(reason, cause, now);
    }

    private void endIfNothingLeft() {
        if (!isOver() && progress.nothingLeft()) {
            state = State.ENDED;
            credits.reset();
            lastWord = CursorCommand.end();
        }
    }

    private void fail(NatsFailure failure) {
        state = State.FAILED;
        credits.reset();
        lastWord = CursorCommand.fail(failure);
    }

    /** What was asked for or is held, in messages. */
    long inUseMessages() {
        return credits.inUseMessages();
    }

    /** Why reading is broken, empty when it is not. */
    String trouble() {
        return recovery.reason();
    }

    @Override
    public String toString() {
        return split.splitId() + " at " + next() + ", " + state;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.FailureKind;
import io.github.flinknats.source.config.DataLossPolicy;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.SequenceRange;
import java.util.HashSet;
import java.util.Set;

/** What a cursor promises, checked after every event of a simulated run. */
final class ReadingPromises {
    private static final long SHORTEST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 5_000;

    private final ModelStream stream;
    private SequenceRange range;
    private final ReadSettings limits;
    private final CursorSettings settings;
    private final Scenario scenario;

    /** By the stamps of the messages. */
    private final Set<Long> delivered = new HashSet<>();

    /** Stamps of what expired unread, and has to be reported. */
    private final Set<Long> lost = new HashSet<>();

    private boolean begun;

    /** Of the stream that the cursor reads, and of the last one it was told about. */
    private int epoch;

    private int seenEpoch;
    private long lastDelivered;
    private long lastStamp;
    private long position;
    private boolean over;

    private final Set<Integer> openPulls = new HashSet<>();
    private boolean loneMessage;
    private long askedMessages;
    private long askedBytes;
    private long heldMessages;
    private long heldBytes;

    private int request;
    private boolean requestOpen;
    private boolean probe;
    private long requestedAt = Long.MIN_VALUE / 2;
    private long attemptAt = Long.MIN_VALUE / 2;
    private long pause = SHORTEST_PAUSE;
    private long owedPause;
    private long lifeAt;

    ReadingPromises(
            ModelStream stream, SequenceRange range, CursorSettings settings, Scenario scenario) {
        this.stream = stream;
        this.range = range;
        this.limits = settings.read();
        this.settings = settings;
        this.scenario = scenario;
        this.position = range.next();
        this.begun = range.isBegun();
    }

    int delivered() {
        return delivered.size();
    }

    // ------------------------------------------------------------------ what the cursor says

    /** What is to be read, as far as the cursor can know. */
    SequenceRange range() {
        return range;
    }

    void delivers(long sequence, long stamp, long bytes) {
        begun = true;
        require(!over, "nothing is delivered after the end");
        require(
                sequence > lastDelivered && sequence >= range.next() && sequence <= range.stop(),
                "delivered " + sequence + " after " + lastDelivered + " of " + range);
        lastDelivered = sequence;
        lastStamp = stamp;
        require(delivered.add(stamp), "delivered " + sequence + " twice");
        lost.remove(stamp); // It was on its way.
        heldMessages++;
        heldBytes += bytes;
    }

    void commands(PullCursor cursor, CursorCommand command, long now) {
        // A question asked while reading goes on.
        boolean asksAside = cursor.toString().endsWith(", READING");
        require(!over, "nothing is said after the end, but " + command);
        switch (command.kind()) {
            case INSPECT:
                requests(command.number(), asksAside, now);
                if (!asksAside) {
                    require(now - attemptAt >= owedPause, "attempts are paced");
                    attemptAt = now;
                    owedPause = pause;
                    pause = Math.min(LONGEST_PAUSE, pause * 2);
                }
                return;
            case OPEN:
                requests(command.number(), false, now);
                openPulls.clear();
                askedMessages = 0;
                askedBytes = 0;
                return;
            case PULL:
                require(
                        openPulls.isEmpty() || !loneMessage,
                        "a message larger than a pull is asked alone");
                openPulls.add(command.number());
                askedMessages += command.messages();
                askedBytes += command.bytes();
                loneMessage = askedBytes > limits.maxBytes();
                return;
            case SKIP:
            case LOST:
                return;
            case SNAPSHOT:
                throw new IllegalStateException("Not asked for");
            case END:
                over = true;
                if (epoch != stream.epoch()) {
                    return;
                }
                require(
                        cursor.next() > range.stop() || stream.last() >= range.stop(),
                        "the end had not come into being, the stream ends at " + stream.last());
                complete();
                return;
            case FAIL:
                over = true;
                require(mayFail(command, now), "gave up for no reason: " + command);
                return;
        }
        throw new IllegalStateException("Unknown command " + command);
    }

    private boolean mayFail(CursorCommand command, long now) {
        return command.failure().kind() == FailureKind.DATA_LOSS
                ? limits.onDataLoss() == DataLossPolicy.FAIL
                        && (epoch != stream.epoch() || anyGone(range.next(), stream.first()))
                : command.failure().kind() == FailureKind.UNAVAILABLE
                        && now - lifeAt >= settings.outageTimeout();
    }

    /** Whether something that was not delivered has left by the head. */
    private boolean anyGone(long from, long to) {
        boolean all = scenario.noticesEveryLoss();
        for (long s = from; s < to && s <= stream.last(); s++) {
            boolean gone = all ? stream.isGone(s) : stream.isDeleted(s);
            if (gone && !delivered.contains(stream.stamp(s))) {
                return !scenario.isPerSubject() || stream.wasEmpty();
            }
        }
        return false;
    }

    void loses(Loss loss) {
        require(limits.onDataLoss() == DataLossPolicy.CONTINUE, "goes on only if it may");
        if (loss.moved() != null) {
            require(epoch != stream.epoch(), "the stream is another one");
            epoch = seenEpoch;
            range = loss.moved().range();
            position = range.next();
            lastDelivered = position - 1;
            begun = false;
            lost.clear();
            if (epoch == stream.epoch()) {
                everythingNewIsWanted();
            }
            lastStamp = 0;
        } else if (epoch == stream.epoch()) {
            require(anyGone(loss.wanted(), loss.available()), "lost nothing, but reports a loss");
            for (long s = loss.wanted(); s < loss.available() && s <= stream.last(); s++) {
                lost.remove(stream.stamp(s));
            }
        }
    }

    private void everythingNewIsWanted() {
        for (long s = stream.first(); s < range.next(); s++) {
            require(
                    stream.stamp(s) <= lastStamp || !stream.has(s),
                    "goes on at " + range.next() + " behind " + s);
        }
    }

    private void requests(int number, boolean asProbe, long now) {
        boolean givenUp = now - requestedAt > settings.requestTimeout() * 3 / 2;
        boolean probeOfALostConsumer = probe && !asProbe;
        require(
                !requestOpen || givenUp || probeOfALostConsumer,
                "one request at a time, the last one was " + (now - requestedAt) + " ms ago");
        requestOpen = true;
        request = number;
        probe = asProbe;
        requestedAt = now;
    }

    // ------------------------------------------------------------------ what happens to it

    /** The server has shown where the consumer stands. */
    void begins() {
        begun = true;
    }

    /** The cursor is told of the stream as it was then. */
    void seen(int streamEpoch) {
        seenEpoch = streamEpoch;
    }

    /** The last sequence delivered of the stream as it is, 0 for none. */
    long lastDeliveredOf(int streamEpoch) {
        return epoch == streamEpoch && delivered.size() > 0 && lastDelivered >= range.next()
                ? lastDelivered
                : 0;
    }

    void expires(long before) {
        long from = stream.first();
        stream.expireBefore(before);
        for (long s = Math.max(from, position); s < before && s <= stream.last(); s++) {
            boolean wanted = begun && epoch == stream.epoch() && s <= range.stop();
            if (wanted && stream.hasExpired(s) && !delivered.contains(stream.stamp(s))) {
                lost.add(stream.stamp(s));
            }
        }
    }

    void answered(int number) {
        requestOpen &= number != request;
    }

    void disconnected() {
        requestOpen = false;
    }

    void received(long bytes) {
        askedMessages--;
        askedBytes -= bytes;
    }

    void ended(PullStatus status) {
        if (openPulls.remove(status.pull())) {
            askedMessages -= status.unusedMessages();
            askedBytes -= status.unusedBytes();
        }
        if (openPulls.isEmpty()) {
            // What is missing now was lost on the way.
            askedMessages = 0;
            askedBytes = 0;
        }
    }

    void handedOver(long messages, long bytes) {
        heldMessages -= messages;
        heldBytes -= bytes;
    }

    /** The server showed that it delivers. */
    void lives(long now) {
        lifeAt = now;
        pause = SHORTEST_PAUSE;
    }

    /** The server owes nothing, so it cannot be blamed either. */
    void owesNothing(long now) {
        lifeAt = now;
    }

    boolean anyPull() {
        return !openPulls.isEmpty();
    }

    // ------------------------------------------------------------------ after every event

    void check(PullCursor cursor) {
        require(cursor.isOver() == over, "it is over exactly when it was said");
        if (!over) {
            credits(cursor);
        }
        if (epoch != stream.epoch()) {
            return;
        }
        long next = cursor.next();
        require(next >= position, "the position went back from " + position + " to " + next);
        require(
                next <= Math.max(range.next(), stream.last() + 1),
                "the position " + next + " lies beyond the stream's end at " + stream.last());
        passOver(next);
        position = next;
    }

    private void passOver(long next) {
        for (long s = position; s < next && s <= range.stop(); s++) {
            require(
                    !stream.has(s) || delivered.contains(stream.stamp(s)),
                    "the position passed over " + s + " to " + next);
        }
    }

    private void credits(PullCursor cursor) {
        require(
                cursor.inUseMessages() <= limits.maxMessages(),
                "messages in use: " + cursor.inUseMessages() + ", limits: " + limits);
        require(
                askedMessages + heldMessages <= limits.maxMessages(),
                askedMessages + " asked, " + heldMessages + " held, limits: " + limits);
        boolean alone = openPulls.size() <= 1 && heldMessages + askedMessages <= 1;
        require(
                alone || askedBytes + heldBytes <= limits.maxBytes(),
                askedBytes + " bytes asked, " + heldBytes + " held, limits: " + limits);
    }

    /** Everything that is wanted and still there has been delivered. */
    void complete() {
        passOver(Math.min(range.stop(), stream.last()) + 1);
        require(
                lost.isEmpty() || !scenario.noticesEveryLoss(),
                lost.size() + " messages were lost in silence");
    }

    private static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError("Broken promise: " + promise);
        }
    }
}

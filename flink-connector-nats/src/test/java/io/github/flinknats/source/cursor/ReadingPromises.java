// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.FailureKind;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.SequenceRange;
import java.util.HashSet;
import java.util.Set;

/** What a cursor promises, checked after every event of a simulated run. */
final class ReadingPromises {
    private static final long SHORTEST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 5_000;

    private final ModelStream stream;
    private final SequenceRange range;
    private final ReadSettings limits;
    private final CursorSettings settings;
    private final boolean gapsAreLoss;

    private final Set<Long> delivered = new HashSet<>();
    private long lastDelivered;
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
            ModelStream stream, SequenceRange range, CursorSettings settings, boolean gapsAreLoss) {
        this.stream = stream;
        this.range = range;
        this.limits = settings.read();
        this.settings = settings;
        this.gapsAreLoss = gapsAreLoss;
        this.position = range.next();
    }

    int delivered() {
        return delivered.size();
    }

    // ------------------------------------------------------------------ what the cursor says

    void delivers(long sequence, long bytes) {
        require(!over, "nothing is delivered after the end");
        require(
                sequence > lastDelivered && sequence >= range.next() && sequence <= range.stop(),
                "delivered " + sequence + " after " + lastDelivered + " of " + range);
        lastDelivered = sequence;
        delivered.add(sequence);
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
                return;
            case END:
                over = true;
                require(
                        cursor.next() > range.stop() || stream.last() >= range.stop(),
                        "the end had not come into being, the stream ends at " + stream.last());
                complete();
                return;
            case FAIL:
                over = true;
                require(mayFail(cursor, command, now), "gave up for no reason: " + command);
                return;
        }
        throw new IllegalStateException("Unknown command " + command);
    }

    private boolean mayFail(PullCursor cursor, CursorCommand command, long now) {
        return command.failure().kind() == FailureKind.DATA_LOSS
                ? gapsAreLoss && stream.first() > cursor.next()
                : command.failure().kind() == FailureKind.UNAVAILABLE
                        && now - lifeAt >= settings.outageTimeout();
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
        long next = cursor.next();
        require(next >= position, "the position went back from " + position + " to " + next);
        require(
                next <= Math.max(range.next(), stream.last() + 1),
                "the position " + next + " lies beyond the stream's end at " + stream.last());
        passOver(next);
        position = next;
        require(cursor.isOver() == over, "it is over exactly when it was said");
        if (!over) {
            credits(cursor);
        }
    }

    private void passOver(long next) {
        for (long s = position; s < next && s <= range.stop(); s++) {
            require(
                    delivered.contains(s) || !stream.has(s),
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
    }

    private static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError("Broken promise: " + promise);
        }
    }
}

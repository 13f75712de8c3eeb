// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to the server. No thread, clock or socket: events and the time go in, messages
 * to send and a failure come out.
 *
 * <p>Order survives failures. When one message is refused, or the answers stay away, nothing more
 * is sent; when everything in flight is answered, or will never be, a new <em>attempt</em> sends
 * all messages again from the oldest that is not stored. Those behind it that had been stored are
 * sent too: the last copies of all messages are in order, which is what matters where the last one
 * wins. Where messages carry an id, the stream drops such a repetition, and a message that was
 * stored ahead of a refused one keeps its place.
 *
 * <p>An answer counts only for the attempt that it answers, and for a <em>group</em> of neighbours
 * whose answers come to the same place: a server remembers the way to some hundreds of reply
 * subjects, and looking up another one for each message costs it a third more. A group is stored
 * when all of its answers say so. Where it is open which message of a group was refused, they go
 * again, each for itself.
 *
 * <p>Guarded by the publisher's lock.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
final class PublishWindow {
    private static final long NEVER = Long.MIN_VALUE;

    private final PublishSettings settings;
    private final PublishFailures failures;

    // Messages first to end - 1, each in the slot of its number.
    private @Nullable InFlight[] slots = new InFlight[16];
    private long first = 1;
    private long end = 1;
    private long bytes;

    private boolean up;
    private int attempt;
    private long toSend = 1;
    private int unanswered;
    private long oldestSince;
    private @Nullable PublishGroup group;
    private long aloneUpTo;

    private boolean halted;
    private long retryAt;
    private int failuresInARow;
    private long troubleSince = NEVER;
    private String trouble = "there was no connection yet";
    private @Nullable NatsFailure cause;
    private @Nullable NatsFailure failure;

    private long repeated;
    private long lastAnswerTook;

    PublishWindow(PublishSettings settings, PublishFailures failures) {
        this.settings = settings;
        this.failures = failures;
    }

    /** A message and its last attempt. */
    static final class InFlight {
        private final long number;
        private final OutgoingMessage message;
        private int attempt;
        private PublishGroup group;
        private long sentAt;

        InFlight(long number, OutgoingMessage message) {
            this.number = number;
            this.message = message;
            this.group = new PublishGroup(this);
        }

        /** Under which number answers come: that of the first message of the group. */
        long number() {
            return group.first().number;
        }

        OutgoingMessage message() {
            return message;
        }

        int attempt() {
            return attempt;
        }
    }

    // ------------------------------------------------------------------ from the writer

    /** Whether another message may be added. A large one may exceed the limit of bytes. */
    boolean hasRoom() {
        return end - first < settings.maxMessages() && bytes < settings.maxBytes();
    }

    /** Whether so much may be added that it is worth to wake a writer. */
    boolean hasAmpleRoom() {
        return end - first <= settings.maxMessages() / 4 * 3L
                && bytes <= settings.maxBytes() / 4 * 3;
    }

    /**
     * Takes a message.
     *
     * @return its number: 1 and up
     */
    long add(OutgoingMessage message) {
        if (end - first == slots.length) {
            grow();
        }
        long number = end++;
        slots[slot(number)] = new InFlight(number, message);
        bytes += message.bytes();
        return number;
    }

    private void grow() {
        InFlight[] larger = new InFlight[slots.length * 2];
        for (long number = first; number < end; number++) {
            larger[(int) (number & (larger.length - 1))] = slots[slot(number)];
        }
        slots = larger;
    }

    private int slot(long number) {
        return (int) (number & (slots.length - 1));
    }

    private InFlight at(long number) {
        InFlight message = slots[slot(number)];
        if (message == null) {
            throw new IllegalStateException("Message " + number + " is not in the window.");
        }
        return message;
    }

    /** All messages up to this one are stored. */
    long storedUpTo() {
        return first - 1;
    }

    /** The number of the message that was added last. */
    long lastAdded() {
        return end - 1;
    }

    boolean isEmpty() {
        return first == end;
    }

    /** How many messages are not stored yet. */
    long size() {
        return end - first;
    }

    /** How many times a message was sent again. */
    long repeated() {
        return repeated;
    }

    /** Milliseconds from sending a message to the answer that it is stored; of the last one. */
    long lastAnswerTook() {
        return lastAnswerTook;
    }

    /** Why nothing is sent any more, or null. */
    @Nullable NatsFailure failure() {
        return failure;
    }

    // ------------------------------------------------------------------ from the connection

    /** There is a connection, perhaps a new one: what was in flight will not be answered. */
    void onUp(long now) {
        up = true;
        startAttempt(now);
    }

    void onDown(String reason, @Nullable NatsFailure why, long now) {
        up = false;
        note(reason, why, now);
    }

    void onStored(long number, int ofAttempt, long now) {
        InFlight message = awaiting(number, ofAttempt);
        if (message == null) {
            return;
        }
        answered(message);
        lastAnswerTook = now - message.sentAt;
        boolean moved = false;
        while (first < toSend && at(first).group.isStored()) {
            bytes -= at(first).message.bytes();
            slots[slot(first)] = null;
            first++;
            moved = true;
        }
        if (moved) {
            oldestSince = now;
            failuresInARow = 0;
            troubleSince = NEVER;
        }
    }

    /** The message was not stored: an error of the stream, or the client did not take it. */
    void onRefused(long number, int ofAttempt, NatsFailure why, long now) {
        InFlight message = awaiting(number, ofAttempt);
        if (message == null) {
            return;
        }
        answered(message);
        message.group.onRefused();
        if (message.group.isMixed()) {
            aloneUpTo = Math.max(aloneUpTo, end - 1);
            halt(why.sentence(), null, now);
        } else if (why.isRetriable()) {
            halt(why.sentence(), why, now);
        } else {
            fail(why);
        }
    }

    /** From now on answers come to a place for each message; it starts with those in flight. */
    void sendEachAlone(long now) {
        if (aloneUpTo < Long.MAX_VALUE) {
            aloneUpTo = Long.MAX_VALUE;
            startAttempt(now);
        }
    }

    /** Trying again would not help. */
    void fail(NatsFailure why) {
        if (failure == null) {
            failure = why;
        }
    }

    private @Nullable InFlight awaiting(long number, int ofAttempt) {
        if (ofAttempt != attempt || number < first || number >= toSend) {
            return null;
        }
        InFlight message = at(number);
        return message.group.first() != message || message.group.isAnswered() ? null : message;
    }

    private void answered(InFlight message) {
        message.group.onAnswer();
        unanswered--;
    }

    private void halt(String reason, @Nullable NatsFailure why, long now) {
        if (!halted) {
            halted = true;
            failuresInARow++;
            retryAt = now + settings.pause(failuresInARow);
        }
        note(reason, why, now);
    }

    private void note(String reason, @Nullable NatsFailure why, long now) {
        trouble = reason;
        cause = why;
        if (troubleSince == NEVER && !isEmpty()) {
            troubleSince = now;
        }
    }

    private void startAttempt(long now) {
        attempt++;
        toSend = first;
        group = null;
        unanswered = 0;
        oldestSince = now;
        halted = false;
    }

    // ------------------------------------------------------------------ to the connection

    /** The next message to send, or null when there is nothing to do for now. */
    @Nullable InFlight poll(long now) {
        if (failure != null || isEmpty()) {
            return null;
        }
        if (!up && troubleSince == NEVER) {
            troubleSince = now;
        }
        if (troubleSince != NEVER && now - troubleSince >= settings.outageTimeout()) {
            fail(
                    failures.outage(
                            at(first).message.subject(),
                            Duration.ofMillis(settings.outageTimeout()),
                            trouble,
                            cause));
            return null;
        }
        return up && mayGoOn(now) && toSend < end ? send(now) : null;
    }

    private boolean mayGoOn(long now) {
        boolean silent = unanswered > 0 && now - oldestSince >= settings.ackTimeout();
        if (halted) {
            if ((unanswered > 0 && !silent) || now < retryAt) {
                return false;
            }
            startAttempt(now);
        } else if (silent) {
            halt("the server did not acknowledge in " + settings.ackTimeout() + " ms", null, now);
            startAttempt(now);
        }
        return true;
    }

    private InFlight send(long now) {
        InFlight message = at(toSend++);
        repeated += message.attempt == 0 ? 0 : 1;
        message.sentAt = now;
        message.attempt = attempt;
        message.group = join(message);
        unanswered++;
        if (message.number == first) {
            oldestSince = now;
        }
        return message;
    }

    private PublishGroup join(InFlight message) {
        PublishGroup open = group;
        if (open == null || open.first().number <= aloneUpTo || !open.isOpen(settings)) {
            open = new PublishGroup(message);
            group = open;
        }
        open.add(message);
        return open;
    }

    /** The subjects of the oldest messages that wait for an answer. */
    Set<String> awaitedSubjects() {
        Set<String> subjects = new HashSet<>();
        for (long number = first;
                number < toSend && at(number).group == at(first).group;
                number++) {
            if (!at(number).group.isAnswered()) {
                subjects.add(at(number).message.subject());
            }
        }
        return subjects;
    }

    /** The subject of a message whose answer is awaited, or null. */
    @Nullable String awaitedSubject(long number, int ofAttempt) {
        InFlight message = awaiting(number, ofAttempt);
        return message == null ? null : message.message.subject();
    }

    /** For logs and tests. */
    @Override
    public String toString() {
        return "messages "
                + first
                + " to "
                + (end - 1)
                + ", attempt "
                + attempt
                + ", next "
                + toSend
                + ", unanswered "
                + unanswered
                + (halted ? ", halted" : "")
                + (up ? "" : ", down");
    }
}

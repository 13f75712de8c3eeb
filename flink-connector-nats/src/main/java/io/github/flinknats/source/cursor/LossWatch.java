// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.StreamFacts;
import org.apache.flink.annotation.Internal;

/**
 * Notices that messages went from the head of the stream before they were read: by age, by a limit
 * or by a purge. The server says nothing of it, and a jump of the sequence alone means nothing, as
 * deleted messages and those of other subjects leave gaps too. So a jump raises a doubt when
 *
 * <ul>
 *   <li>fewer messages wait than before, without having been delivered;
 *   <li>every subject is read, and messages were waiting;
 *   <li>nothing had been asked for in between, so that the server could not deliver.
 * </ul>
 *
 * <p>So does a consumer that has nothing to deliver although messages were waiting. The stream's
 * first sequence, asked for then, resolves the doubt: a gap in front of which messages still stand
 * was no loss.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class LossWatch {
    private final boolean everySubject;
    private boolean begun;
    private boolean starved;
    private boolean idleDoubted;
    private long doubt;
    private long asked;

    /**
     * @param everySubject whether no filter explains a gap
     * @param begun whether the split has had a reader: before, nothing is missed
     */
    LossWatch(boolean everySubject, boolean begun) {
        this.everySubject = everySubject;
        this.begun = begun;
    }

    boolean isBegun() {
        return begun;
    }

    /** Another stream takes the place of the one that was read. */
    void restart() {
        begun = false;
        consumerMade();
        doubt = 0;
        asked = 0;
    }

    /** What was noticed of the last consumer says nothing of a new one. */
    void consumerMade() {
        starved = false;
        idleDoubted = false;
    }

    /** All that was asked for has come: until more is asked, the server cannot deliver. */
    void onStarved() {
        starved = true;
    }

    /**
     * A message arrived.
     *
     * @param from the first sequence that the consumer had not looked at before
     * @param waited how many messages were waiting before this one came
     * @param waiting how many wait behind it
     */
    void onMessage(long sequence, long from, long waited, long waiting) {
        if (begun && sequence > from) {
            boolean vanished = waited > waiting + 1;
            if (vanished || starved || (everySubject && waited > 0)) {
                raise(from);
            }
        }
        begun = true;
        starved = false;
        idleDoubted = false;
    }

    /** The consumer has nothing to deliver from the sequence on, and so many had been waiting. */
    void onIdle(long from, long waited) {
        if (begun && waited > 0 && !idleDoubted) {
            idleDoubted = true;
            raise(from);
        }
        begun = true;
    }

    private void raise(long from) {
        doubt = doubt == 0 ? from : Math.min(doubt, from);
    }

    /** Whether what has arrived must wait for the verdict. */
    boolean isInDoubt() {
        return doubt > 0 || asked > 0;
    }

    /** Whether the stream is to be asked now. */
    boolean mustAsk() {
        return doubt > 0 && asked == 0;
    }

    /** The stream is asked: the answer will hold for every doubt raised before. */
    void onAsked() {
        if (doubt > 0) {
            asked = asked == 0 ? doubt : Math.min(asked, doubt);
            doubt = 0;
        }
    }

    /** No answer comes. */
    void onUnanswered() {
        if (asked > 0) {
            raise(asked);
            asked = 0;
        }
    }

    /**
     * The first sequence in doubt that the answer decides on, or the other one if there is none.
     */
    long askedFrom(long otherwise) {
        return asked == 0 ? otherwise : asked;
    }

    /** The stream has answered. */
    void onAnswered() {
        asked = 0;
    }

    /**
     * Whether messages from the sequence on have left the stream by its head. Where newer messages
     * push out older ones of their subject that is so only of a stream that has none left, as the
     * last message stays.
     */
    static boolean hasLeft(long from, StreamFacts facts) {
        boolean empty = facts.firstSequence() > facts.lastSequence();
        return facts.firstSequence() > from && (empty || !facts.shape().isLimitedPerSubject());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * What was delivered and is not confirmed to be acknowledged: which of it is to be acknowledged
 * now, or again because no confirmation came, and of which progress is to be reported. Times are
 * milliseconds.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class AckWindow {
    /** Acknowledgements under way at once; what a round trip carries. */
    static final int MOST_UNDER_WAY = 1_000;

    static final long NOTHING = 0;

    /** Consumer sequence of the last delivery, 0 if that was before a restart. */
    private final Map<Long, Long> deliveries = new HashMap<>();

    private final ArrayDeque<Long> toSend = new ArrayDeque<>();
    private final ArrayDeque<Timed> underWay = new ArrayDeque<>();
    private final ArrayDeque<Timed> progress = new ArrayDeque<>();
    private final Map<Long, Long> released = new HashMap<>();
    private final long patience;
    private long interval = Long.MAX_VALUE / 4;

    /**
     * Nothing is delivered.
     *
     * @param patience how long to wait for a confirmation
     */
    AckWindow(long patience) {
        this.patience = patience;
    }

    /** How long the server waits for an acknowledgement; progress is reported thrice in it. */
    void setAckWait(long millis) {
        interval = Math.max(1, millis / 3);
    }

    /** A message came, or came again. */
    void delivered(long sequence, long consumerSequence, long now) {
        if (deliveries.put(sequence, consumerSequence) == null) {
            progress.add(new Timed(sequence, now + interval));
        }
    }

    /** Whether the message waits for its acknowledgement to be confirmed. */
    boolean contains(long sequence) {
        return deliveries.containsKey(sequence);
    }

    /** A message may be acknowledged. */
    void release(long sequence) {
        deliveries.putIfAbsent(sequence, 0L);
        if (released.putIfAbsent(sequence, NOTHING) == null) {
            toSend.add(sequence);
        }
    }

    /**
     * The server confirmed an acknowledgement.
     *
     * @return whether that is news
     */
    boolean confirmed(long sequence) {
        if (released.remove(sequence) == null) {
            return false;
        }
        deliveries.remove(sequence);
        return true;
    }

    /** What was sent may be lost. */
    void sendAgain() {
        for (Timed sent : underWay) {
            if (isCurrent(sent)) {
                toSend.add(sent.sequence);
            }
        }
        underWay.clear();
    }

    /** The next message to acknowledge now, or {@link #NOTHING}. */
    long nextToAcknowledge(long now) {
        Timed oldest = underWay.peek();
        while (oldest != null && (!isCurrent(oldest) || oldest.at <= now)) {
            underWay.remove();
            if (isCurrent(oldest)) {
                toSend.add(oldest.sequence);
            }
            oldest = underWay.peek();
        }
        if (underWay.size() >= MOST_UNDER_WAY) {
            return NOTHING;
        }
        Long next = toSend.poll();
        while (next != null && !released.containsKey(next)) {
            next = toSend.poll();
        }
        if (next == null) {
            return NOTHING;
        }
        released.put(next, now + patience);
        underWay.add(new Timed(next, now + patience));
        return next;
    }

    /** An entry is outdated when its message was confirmed, or sent again since. */
    private boolean isCurrent(Timed sent) {
        Long deadline = released.get(sent.sequence);
        return deadline != null && deadline == sent.at;
    }

    /** The next message to report progress of now, or {@link #NOTHING}. */
    long nextInProgress(long now) {
        Timed oldest = progress.peek();
        while (oldest != null && oldest.at <= now) {
            progress.remove();
            if (contains(oldest.sequence)) {
                progress.add(new Timed(oldest.sequence, now + interval));
                return oldest.sequence;
            }
            oldest = progress.peek();
        }
        return NOTHING;
    }

    /** How many messages wait for their acknowledgement to be confirmed. */
    int size() {
        return deliveries.size();
    }

    /** Whether something is to be acknowledged or under way. */
    boolean isUnsettled() {
        return !released.isEmpty();
    }

    /** The lowest sequence that waits. */
    long first() {
        long first = Long.MAX_VALUE;
        for (long sequence : deliveries.keySet()) {
            first = Math.min(first, sequence);
        }
        return first;
    }

    /** What no checkpoint holds, by sequence with the consumer sequence of its delivery. */
    Map<Long, Long> unreleased() {
        Map<Long, Long> left = new HashMap<>(deliveries);
        left.keySet().removeAll(released.keySet());
        left.values().removeIf(consumerSequence -> consumerSequence == 0);
        return left;
    }

    private static final class Timed {
        private final long sequence;
        private final long at;

        Timed(long sequence, long at) {
            this.sequence = sequence;
            this.at = at;
        }
    }
}

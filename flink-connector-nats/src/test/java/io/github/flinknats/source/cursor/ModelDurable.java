// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A durable consumer as a server has it: deliveries that wait for their acknowledgement and come
 * again after a while, waiting pulls, and a memory that a crash sets back a little.
 */
final class ModelDurable {
    private final long ackWait;
    private final int maxAckPending;

    private long last;
    private long delivered;
    private long consumerSequence;
    private TreeMap<Long, Long> pending = new TreeMap<>();
    private TreeSet<Long> again = new TreeSet<>();
    private final ArrayDeque<Memory> memories = new ArrayDeque<>();
    private final Map<Integer, long[]> pulls = new LinkedHashMap<>();

    ModelDurable(long ackWait, int maxAckPending) {
        this.ackWait = ackWait;
        this.maxAckPending = maxAckPending;
    }

    void publish(int messages) {
        last += messages;
    }

    long last() {
        return last;
    }

    long ackWait() {
        return ackWait;
    }

    int maxAckPending() {
        return maxAckPending;
    }

    /** Whether every message was delivered and acknowledged. */
    boolean isDrained() {
        return delivered == last && pending.isEmpty();
    }

    void pull(int number, int messages, long now) {
        pulls.put(number, new long[] {messages, now + 30_000, now + 2_000});
    }

    void dropPulls() {
        pulls.clear();
    }

    void acknowledge(long sequence) {
        pending.remove(sequence);
        again.remove(sequence);
    }

    void progress(long sequence, long now) {
        if (pending.containsKey(sequence) && !again.contains(sequence)) {
            pending.put(sequence, now);
        }
    }

    void giveBack(long sequence) {
        if (pending.containsKey(sequence)) {
            again.add(sequence);
        }
    }

    /** What the server sends now. */
    List<Sent> tick(long now) {
        pending.forEach(
                (sequence, since) -> {
                    if (now - since >= ackWait) {
                        again.add(sequence);
                    }
                });
        List<Sent> sent = new ArrayList<>();
        for (int number : new ArrayList<>(pulls.keySet())) {
            serve(number, now, sent);
        }
        remember(now);
        return sent;
    }

    private void serve(int number, long now, List<Sent> sent) {
        long[] pull = pulls.get(number);
        long served = pull[0];
        while (pull[0] > 0) {
            Long next = again.pollFirst();
            if (next == null) {
                if (delivered == last || pending.size() >= maxAckPending) {
                    break;
                }
                next = ++delivered;
            }
            pending.put(next, now);
            pull[0]--;
            sent.add(Sent.message(next, ++consumerSequence));
        }
        if (pull[0] == 0 || now >= pull[1]) {
            pulls.remove(number);
            sent.add(Sent.ended(number, pull[0]));
        } else if (served != pull[0]) {
            pull[2] = now + 2_000;
        } else if (now >= pull[2]) {
            pull[2] = now + 2_000;
            sent.add(Sent.heartbeat());
        }
    }

    /** State is written ten times a second; a crash goes back to what was written last. */
    private void remember(long now) {
        if (memories.isEmpty() || now - memories.getLast().at >= 100) {
            memories.add(new Memory(now, delivered, consumerSequence, pending));
            if (memories.size() > 2) {
                memories.removeFirst();
            }
        }
    }

    void crash(long now) {
        Memory memory = memories.peekFirst();
        if (memory != null) {
            delivered = memory.delivered;
            consumerSequence = memory.consumerSequence;
            pending = new TreeMap<>(memory.pending);
            pending.replaceAll((sequence, since) -> now);
            again = new TreeSet<>();
            memories.clear();
        }
        dropPulls();
    }

    /** Something on its way to the client. */
    static final class Sent {
        final long sequence;
        final long consumerSequence;
        final int pull;

        private Sent(long sequence, long consumerSequence, int pull) {
            this.sequence = sequence;
            this.consumerSequence = consumerSequence;
            this.pull = pull;
        }

        static Sent message(long sequence, long consumerSequence) {
            return new Sent(sequence, consumerSequence, 0);
        }

        static Sent ended(int pull, long unused) {
            return new Sent(0, unused, pull);
        }

        static Sent heartbeat() {
            return new Sent(0, 0, 0);
        }

        boolean isMessage() {
            return sequence > 0;
        }
    }

    private static final class Memory {
        private final long at;
        private final long delivered;
        private final long consumerSequence;
        private final TreeMap<Long, Long> pending;

        Memory(long at, long delivered, long consumerSequence, Map<Long, Long> pending) {
            this.at = at;
            this.delivered = delivered;
            this.consumerSequence = consumerSequence;
            this.pending = new TreeMap<>(pending);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Simulated time, and a connection that can break: what is under way then is lost. What goes over
 * one lane arrives in order, lanes overtake each other.
 */
final class ModelNetwork {
    private final SplittableRandom random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    Comparator.comparingLong((Event e) -> e.time).thenComparing(e -> e.order));
    private final Map<Object, Long> lanes = new HashMap<>();
    private long now;
    private long order;
    private int connections;
    private boolean connected;

    ModelNetwork(SplittableRandom random) {
        this.random = random;
    }

    long now() {
        return now;
    }

    boolean isConnected() {
        return connected;
    }

    void connect() {
        connected = true;
    }

    void disconnect() {
        connected = false;
        connections++;
        lanes.clear();
    }

    /** Runs something later, whatever happens to the connection. */
    void in(long delay, Runnable what) {
        events.add(new Event(now + delay, order++, what));
    }

    /** Sends something over the connection: it arrives after what was sent over the lane before. */
    void send(Object lane, long slowest, Runnable arrival) {
        if (!connected) {
            return;
        }
        int connection = connections;
        long time = Math.max(now + 1 + random.nextLong(slowest), lanes.getOrDefault(lane, 0L));
        lanes.put(lane, time);
        in(
                time - now,
                () -> {
                    if (connected && connections == connection) {
                        arrival.run();
                    }
                });
    }

    /** Lets the next thing happen; false when it would happen after the time. */
    boolean step(long until) {
        Event next = events.peek();
        if (next == null || next.time > until) {
            now = until;
            return false;
        }
        events.poll();
        now = next.time;
        next.what.run();
        return true;
    }

    private static final class Event {
        private final long time;
        private final long order;
        private final Runnable what;

        Event(long time, long order, Runnable what) {
            this.time = time;
            this.order = order;
            this.what = what;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.nats.client.Message;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Where client threads hand over to the fetcher thread: messages, and events to run, in the order
 * in which they came. Never blocks the giver: what can arrive is bounded by the credits of the
 * cursors, and a client thread that waited would get the connection cut by the server.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
final class Inbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // All guarded by the lock.
    private Slots filling = new Slots();
    private Slots spare = new Slots();
    private boolean waiting;
    private boolean woken;

    /** Takes what arrives for a consumer. */
    interface Receiver {
        /** Fetcher thread; the time is that of the {@link #drain}. */
        void receive(Message message, long now);
    }

    /** A message for a receiver. Client thread. */
    void deliver(Receiver receiver, Message message) {
        add(receiver, message);
    }

    /** Something to run on the fetcher thread. Any thread. */
    void post(Runnable event) {
        add(null, event);
    }

    private void add(@Nullable Receiver receiver, Object item) {
        lock.lock();
        try {
            filling.add(receiver, item);
            if (waiting) {
                waiting = false;
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes the current or next {@link #drain} return at once. Any thread. */
    void wakeUp() {
        lock.lock();
        try {
            woken = true;
            waiting = false;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands out what has arrived, waiting for the first of it. Fetcher thread.
     *
     * @return whether {@link #wakeUp} was called since the last time
     */
    boolean drain(long maxWaitMillis) throws InterruptedException {
        Slots filled;
        boolean wasWoken;
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(maxWaitMillis);
            while (filling.size == 0 && !woken && left > 0) {
                waiting = true;
                left = arrived.awaitNanos(left);
            }
            waiting = false;
            wasWoken = woken;
            woken = false;
            filled = filling;
            filling = spare;
            spare = filled;
        } finally {
            lock.unlock();
        }
        filled.handOut();
        return wasWoken;
    }

    private static final class Slots {
        private static final int FIRST_SIZE = 256;

        private @Nullable Receiver[] receivers = new Receiver[FIRST_SIZE];
        private @Nullable Object[] items = new Object[FIRST_SIZE];
        private int size;

        void add(@Nullable Receiver receiver, Object item) {
            if (size == items.length) {
                receivers = Arrays.copyOf(receivers, size * 2);
                items = Arrays.copyOf(items, size * 2);
            }
            receivers[size] = receiver;
            items[size] = item;
            size++;
        }

        void handOut() {
            long now = Clock.millis(); // Once for all: there are up to millions in a second.
            for (int i = 0; i < size; i++) {
                Object item = items[i];
                Receiver receiver = receivers[i];
                if (receiver != null && item != null) {
                    receiver.receive((Message) item, now);
                } else if (item != null) {
                    ((Runnable) item).run();
                }
                items[i] = null;
                receivers[i] = null;
            }
            size = 0;
        }
    }
}

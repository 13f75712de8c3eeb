// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages in order and tells when they are stored. It owns a thread and a connection,
 * both of which start with the first message, and survives the loss of the server for the outage
 * timeout. Nobody who calls it waits for the network.
 *
 * <p>The lock guards the {@link PublishWindow}; it is never held while something is sent. Any
 * thread.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
public final class Publisher implements AutoCloseable {
    private static final long TICK_MILLIS = 50;
    private static final long CLOSE_MILLIS = 1_800;
    private static final int BATCH = 64;

    private final PublishFailures failures;
    private final Events events = new Events();
    private final CompletableFuture<NatsFailure> failed = new CompletableFuture<>();
    private final PublishLink link;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock.
    private final PublishWindow window;
    private final Waiters waiters = new Waiters();
    private CompletableFuture<Void> room = CompletableFuture.completedFuture(null);
    private @Nullable Thread thread;
    private @Nullable String unheard;
    private long recognised;
    private boolean closed;

    /**
     * Makes a publisher; nothing happens before the first message.
     *
     * @param failures how it says what is wrong
     * @param wideNames whether subjects have other characters than ASCII
     */
    public Publisher(
            ConnectionSettings connection,
            PublishSettings settings,
            PublishFailures failures,
            boolean wideNames) {
        this.failures = failures;
        this.window = new PublishWindow(settings, failures);
        boolean acked = settings.isAcknowledged();
        this.link = new PublishLink(connection, failures, wideNames, acked, events);
    }

    /**
     * Takes a message; ask {@link #room} before, or more is in flight than the settings allow.
     *
     * @throws NatsFailure when publishing has failed
     */
    public void send(OutgoingMessage message) {
        lock.lock();
        try {
            check();
            window.add(message);
            if (!window.hasRoom() && room.isDone()) {
                room = new CompletableFuture<>();
            }
            startThread();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Done when a message may be sent, or when publishing has failed. */
    public CompletableFuture<Void> room() {
        lock.lock();
        try {
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** Done when all messages so far are stored; fails with the {@link NatsFailure}. */
    public CompletableFuture<Void> flush() {
        lock.lock();
        try {
            NatsFailure failure = window.failure();
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            if (window.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            if (closed) {
                return CompletableFuture.failedFuture(new CancellationException("closed"));
            }
            return waiters.await(window.lastAdded());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether something is not stored yet.
     *
     * @throws NatsFailure when publishing has failed
     */
    public boolean isPending() {
        lock.lock();
        try {
            check();
            return !window.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Done when publishing has failed, whether or not somebody waits. */
    public CompletableFuture<NatsFailure> failed() {
        return failed;
    }

    /** How publishing goes. */
    public PublishStatistics statistics() {
        lock.lock();
        try {
            return new PublishStatistics(
                    window.size(), window.repeated(), recognised, window.lastAnswerTook());
        } finally {
            lock.unlock();
        }
    }

    private void check() {
        NatsFailure failure = window.failure();
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IllegalStateException("The publisher is closed.");
        }
    }

    private void startThread() {
        if (thread == null) {
            Thread started = new Thread(this::run, "flink-nats-publish");
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    /** Gives up what is not stored yet. Takes less than two seconds, whatever the server does. */
    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (running == null) {
            return;
        }
        running.interrupt(); // It may be connecting, or waiting for the client to take a message.
        try {
            running.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<PublishWindow.InFlight> batch = new ArrayList<>(BATCH);
        try {
            while (awaitWork(batch)) {
                link.send(batch);
                batch.clear();
                findReasons();
                if (tellWaiters() != null) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        } catch (Throwable t) {
            failUnlessClosed(t); // Or everybody would wait for a thread that is no more.
        } finally {
            Thread.interrupted(); // Closing the client waits a moment, too.
            link.close();
            cancelWaiters();
        }
    }

    /**
     * Waits for something to do, at most a tick while messages are in flight; false when closed.
     */
    private boolean awaitWork(List<PublishWindow.InFlight> batch) throws InterruptedException {
        link.ensureConnected(now()); // First: the next connection must not get what this one lost.
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
            fill(batch);
            while (!closed && batch.isEmpty() && !owesNews() && left > 0) {
                if (window.isEmpty()) {
                    changed.await();
                } else {
                    left = changed.awaitNanos(left);
                }
                fill(batch);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits for what has already happened. */
    private boolean owesNews() {
        return unheard != null
                || window.failure() != null
                || waiters.isSomeoneDue(window.storedUpTo())
                || (!room.isDone() && window.hasAmpleRoom());
    }

    private void fill(List<PublishWindow.InFlight> batch) {
        long now = now();
        while (!closed && batch.size() < BATCH) {
            PublishWindow.InFlight message = window.poll(now);
            if (message == null) {
                return;
            }
            batch.add(message);
        }
    }

    /**
     * Where no answer comes, asks why: the server reports a missing permission on the connection
     * only, and a subject without a stream like one whose stream has no leader.
     */
    private void findReasons() {
        Set<String> awaited;
        String nobody;
        lock.lock();
        try {
            awaited = link.hasViolations() ? window.awaitedSubjects() : Collections.emptySet();
            nobody = unheard;
            unheard = null;
        } finally {
            lock.unlock();
        }
        if (nobody != null) {
            link.lookUp(nobody);
        }
        NatsFailure reason = link.forbidden(awaited);
        if (reason != null) {
            events.onFailure(reason);
        }
    }

    private @Nullable NatsFailure tellWaiters() {
        List<CompletableFuture<Void>> due;
        NatsFailure failure;
        lock.lock();
        try {
            failure = window.failure();
            due = waiters.takeDue(failure == null ? window.storedUpTo() : Long.MAX_VALUE);
            if (!room.isDone() && (failure != null || window.hasAmpleRoom())) {
                room.complete(null);
            }
        } finally {
            lock.unlock();
        }
        if (failure == null && !due.isEmpty()) {
            failure = link.handOver();
        }
        if (failure != null) {
            failed.complete(failure);
        }
        Waiters.tell(due, failure);
        return failure;
    }

    private void failUnlessClosed(Throwable t) {
        lock.lock();
        try {
            if (!closed) {
                window.fail(failures.unexpected(t));
            }
        } finally {
            lock.unlock();
        }
        NatsFailure unused = tellWaiters();
    }

    private void cancelWaiters() {
        lock.lock();
        try {
            waiters.cancel();
            room.complete(null);
        } finally {
            lock.unlock();
        }
    }

    static long now() {
        return System.nanoTime() / 1_000_000;
    }

    /** Brings the connection's events into the window. Any thread. */
    private final class Events implements PublishLink.Listener {
        @Override
        public void onUp() {
            change(() -> window.onUp(now()));
        }

        @Override
        public void onDown(String reason, @Nullable NatsFailure cause) {
            change(() -> window.onDown(reason, cause, now()));
        }

        @Override
        public void onFailure(NatsFailure failure) {
            change(() -> window.fail(failure));
        }

        @Override
        public void onStored(StoredAnswers answers) {
            lock.lock();
            try {
                recognised += answers.repeats();
                answers.forEach((number, attempt) -> window.onStored(number, attempt, now()));
                if (owesNews()) {
                    changed.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onSeveralDomains() {
            change(() -> window.sendEachAlone(now()));
        }

        @Override
        public void onRefused(long number, int attempt, Function<String, NatsFailure> why) {
            change(() -> refused(number, attempt, why));
        }

        @Override
        public void onNobody(long number, int attempt) {
            change(
                    () -> {
                        String subject = refused(number, attempt, failures::unanswered);
                        unheard = subject == null ? unheard : subject;
                    });
        }

        private @Nullable String refused(
                long number, int attempt, Function<String, NatsFailure> why) {
            String subject = window.awaitedSubject(number, attempt);
            if (subject != null) {
                window.onRefused(number, attempt, why.apply(subject), now());
            }
            return subject;
        }

        private void change(Runnable event) {
            lock.lock();
            try {
                event.run();
                changed.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}

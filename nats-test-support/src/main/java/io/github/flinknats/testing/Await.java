// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a named condition, with a limit. The only place in the tests that lets time pass; a
 * condition that never comes fails with what was awaited and what was seen instead.
 */
public final class Await {

    private static final long FIRST_PAUSE_NANOS = 500_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private Await() {}

    /** What is awaited. An exception means "not yet"; the last one becomes the failure's cause. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** A value that is awaited: null means "not yet", and so does an exception. */
    @FunctionalInterface
    public interface Probe<T> {
        @Nullable T get() throws Exception;
    }

    /** Returns once the condition holds; fails with {@code what} after the limit. */
    public static void until(String what, Duration limit, Condition condition) {
        until(what, limit, condition, () -> "");
    }

    /** As {@link #until(String, Duration, Condition)}; a failure also shows the state. */
    public static void until(
            String what, Duration limit, Condition condition, Supplier<String> state) {
        AtomicReference<@Nullable Exception> last = new AtomicReference<>();
        long pause = FIRST_PAUSE_NANOS;
        long end = System.nanoTime() + limit.toNanos();
        while (!holds(condition, last)) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError(message(what, limit, state, last.get()), last.get());
            }
            LockSupport.parkNanos(pause);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for: " + what, last.get());
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    /** Returns the first value that is not null; fails with {@code what} after the limit. */
    public static <T> T value(String what, Duration limit, Probe<T> probe) {
        AtomicReference<@Nullable T> found = new AtomicReference<>();
        until(
                what,
                limit,
                () -> {
                    found.set(probe.get());
                    return found.get() != null;
                });
        return Objects.requireNonNull(found.get());
    }

    private static boolean holds(Condition condition, AtomicReference<@Nullable Exception> last) {
        try {
            boolean holds = condition.holds();
            last.set(null);
            return holds;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            last.set(e);
            return false;
        } catch (Exception e) {
            last.set(e);
            return false;
        }
    }

    private static String message(
            String what, Duration limit, Supplier<String> state, @Nullable Exception last) {
        StringBuilder text = new StringBuilder("not within ").append(limit).append(": ");
        text.append(what);
        String seen;
        try {
            seen = state.get();
        } catch (RuntimeException e) {
            // The state often comes from the server that is in trouble.
            seen = "unknown, asking failed with " + e;
        }
        if (!seen.isEmpty()) {
            text.append("; state: ").append(seen);
        }
        if (last != null) {
            text.append("; last attempt: ").append(last);
        }
        return text.toString();
    }
}

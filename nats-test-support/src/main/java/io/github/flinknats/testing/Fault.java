// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens at a place in the exchange between client and server. Made by {@link
 * FaultPlace}; happens once, on the connection that reaches the place.
 */
public final class Fault {

    enum Action {
        NOTE,
        CUT,
        HOLD,
        SILENCE,
        SLOW,
        DROP
    }

    /** When, relative to the frame at hand, something is to happen. */
    enum Moment {
        NEVER,
        BEFORE,
        AFTER,
        INSTEAD
    }

    private final FaultPlace place;
    private final Action action;

    /** Of a hold: its longest duration, null for no limit. Of slow: the pause per frame. */
    private final @Nullable Duration duration;

    private final int drops;
    private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
    private final CompletableFuture<Boolean> released = new CompletableFuture<>();
    private long seen;

    Fault(FaultPlace place, Action action, @Nullable Duration duration, int drops) {
        this.place = place;
        this.action = action;
        this.duration = duration;
        this.drops = drops;
    }

    /** Whether the exchange came to the place. */
    public boolean isReached() {
        return reached.isDone();
    }

    /** Returns when the exchange comes to the place. */
    public void awaitReached(Duration limit) {
        Await.until(toString() + " is reached", limit, this::isReached, () -> seen() + " seen");
    }

    /** Matching frames since the fault was set. */
    public synchronized long seen() {
        return seen;
    }

    /** Ends a hold (or prevents it, when the place was not reached yet). */
    public void release() {
        released.complete(true);
    }

    synchronized Moment meet(Direction direction, Frame frame) {
        if (!place.matches(direction, frame)) {
            return Moment.NEVER;
        }
        seen++;
        long past = seen - place.after();
        if (action == Action.DROP) {
            return past > 0 && past <= drops ? Moment.INSTEAD : Moment.NEVER;
        }
        if (past == 1 && place.after() == 0) {
            return Moment.BEFORE;
        }
        return past == 0 ? Moment.AFTER : Moment.NEVER;
    }

    /** Runs on the pump of this direction, which for a hold stays here. */
    void happen(Link link, Direction direction) throws InterruptedException {
        reached.complete(true);
        switch (action) {
            case NOTE:
            case DROP:
                return;
            case CUT:
                link.cut();
                return;
            case SILENCE:
                link.silence(direction);
                return;
            case SLOW:
                link.slow(direction, duration == null ? Duration.ZERO : duration);
                return;
            case HOLD:
                awaitRelease(link);
                return;
        }
        throw new IllegalStateException("unknown: " + action);
    }

    private void awaitRelease(Link link) throws InterruptedException {
        CompletableFuture<?> end = CompletableFuture.anyOf(released, link.ended());
        try {
            if (duration == null) {
                end.get();
            } else {
                end.get(duration.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            release();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return action + " after " + place;
    }
}

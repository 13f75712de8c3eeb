// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * A place in the exchange: after the n-th frame of a kind, counted over all connections from the
 * moment the fault is set. After 0 means before the first. Its methods set a fault there.
 */
public final class FaultPlace {

    private final Direction direction;
    private final String what;
    private final String subjectPrefix;
    private final long after;
    private final Consumer<Fault> faults;

    FaultPlace(
            Direction direction,
            String what,
            String subjectPrefix,
            long after,
            Consumer<Fault> faults) {
        this.direction = direction;
        this.what = what;
        this.subjectPrefix = subjectPrefix;
        this.after = after;
        this.faults = faults;
    }

    /** Closes the connection; what passed before arrives, what follows in both directions not. */
    public Fault cut() {
        return set(new Fault(this, Fault.Action.CUT, null, 0));
    }

    /** Stalls this direction until {@link Fault#release()}; nothing is lost. */
    public Fault hold() {
        return set(new Fault(this, Fault.Action.HOLD, null, 0));
    }

    /** Stalls this direction once, for so long. */
    public Fault delay(Duration duration) {
        return set(new Fault(this, Fault.Action.HOLD, duration, 0));
    }

    /** From here on each frame of this direction of this connection takes so long. */
    public Fault slow(Duration perFrame) {
        return set(new Fault(this, Fault.Action.SLOW, perFrame, 0));
    }

    /**
     * Swallows the rest of this direction of this connection, its end included: the socket stays
     * open, half dead, until the other side closes it.
     */
    public Fault silence() {
        return set(new Fault(this, Fault.Action.SILENCE, null, 0));
    }

    /** Swallows the next {@code count} frames of the kind, nothing else. */
    public Fault drop(int count) {
        return set(new Fault(this, Fault.Action.DROP, null, count));
    }

    /** Does nothing: for a test that only waits until the exchange is there. */
    public Fault note() {
        return set(new Fault(this, Fault.Action.NOTE, null, 0));
    }

    boolean matches(Direction way, Frame frame) {
        return way == direction && frame.is(what) && frame.subject().startsWith(subjectPrefix);
    }

    long after() {
        return after;
    }

    private Fault set(Fault fault) {
        faults.accept(fault);
        return fault;
    }

    @Override
    public String toString() {
        String subject = subjectPrefix.isEmpty() ? "" : " " + subjectPrefix + "…";
        return after + " " + what + subject + " " + direction;
    }
}

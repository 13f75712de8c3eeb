// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What to read: which stream and filters, from where to where, in which order. */
@Internal
public final class ReadPlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ReadTarget target;
    private final StartPosition start;
    private final StopPosition stop;
    private final Ordering ordering;
    private final Narrowing narrowing;

    private ReadPlan(
            ReadTarget target,
            StartPosition start,
            StopPosition stop,
            Ordering ordering,
            Narrowing narrowing) {
        this.target = target;
        this.start = start;
        this.stop = stop;
        this.ordering = ordering;
        this.narrowing = narrowing;
    }

    /**
     * Everything of a stream or of some subjects, from the first message on, for ever.
     *
     * @param stream null when it is to be found by the filters
     * @param filters disjoint subject filters; none means all subjects of the stream
     */
    public static ReadPlan of(@Nullable String stream, List<String> filters) {
        return ofStreams(
                stream == null ? Collections.emptyList() : Collections.singletonList(stream),
                filters);
    }

    /**
     * As above, of several streams.
     *
     * @param streams none when the stream is to be found by the filters
     */
    public static ReadPlan ofStreams(List<String> streams, List<String> filters) {
        return new ReadPlan(
                ReadTarget.of(streams, filters),
                StartPosition.earliest(),
                StopPosition.never(),
                Ordering.FILTER,
                Narrowing.everything());
    }

    public ReadPlan withRange(StartPosition from, StopPosition to) {
        return new ReadPlan(target, from, to, ordering, narrowing);
    }

    public ReadPlan withOrdering(Ordering scope) {
        return new ReadPlan(target, start, stop, scope, narrowing);
    }

    /** A plan whose reader may leave out what does not pass, as the query does not want it. */
    public ReadPlan withNarrowing(Narrowing passing) {
        return new ReadPlan(target, start, stop, ordering, passing);
    }

    /** The names of the streams; none when the stream is to be found by the filters. */
    public List<String> streams() {
        return target.streams();
    }

    /** Disjoint subject filters; none means all subjects of the stream. */
    public List<String> filters() {
        return target.filters();
    }

    public StartPosition start() {
        return start;
    }

    public StopPosition stop() {
        return stop;
    }

    public Ordering ordering() {
        return ordering;
    }

    /** What the query can use of all this. */
    public Narrowing narrowing() {
        return narrowing;
    }

    /** Whether a subject is among those that are listed. */
    public boolean lists(String subject) {
        return target.lists(subject);
    }

    /** How many splits there can be at once. */
    public int mostSplits() {
        if (start.consumer() != null) {
            return 1;
        }
        switch (ordering) {
            case STREAM:
                return Math.max(1, streams().size());
            case FILTER:
                return Math.max(1, filters().size()) * Math.max(1, streams().size());
        }
        throw new IllegalStateException("Unknown ordering " + ordering);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof ReadPlan)) {
            return false;
        }
        ReadPlan that = (ReadPlan) other;
        return target.equals(that.target)
                && start.equals(that.start)
                && stop.equals(that.stop)
                && ordering == that.ordering
                && narrowing.equals(that.narrowing);
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, start, stop, ordering, narrowing);
    }

    /** For messages: "stream ORDERS, subjects [orders.>]". */
    public String target() {
        return target.toString();
    }

    @Override
    public String toString() {
        return target
                + ", from "
                + start
                + " to "
                + stop
                + ", order by "
                + ordering
                + (narrowing.isEverything() ? "" : ", of which " + narrowing);
    }
}

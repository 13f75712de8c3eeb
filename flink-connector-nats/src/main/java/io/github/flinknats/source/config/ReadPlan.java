// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import io.github.flinknats.subject.SubjectFilter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What to read: which stream and filters, from where to where, in which order. */
@Internal
public final class ReadPlan implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int MOST_NAMED = 20;

    private final ArrayList<String> streams;
    private final ArrayList<String> filters;
    private final StartPosition start;
    private final StopPosition stop;
    private final Ordering ordering;

    private ReadPlan(
            List<String> streams,
            List<String> filters,
            StartPosition start,
            StopPosition stop,
            Ordering ordering) {
        this.streams = new ArrayList<>(streams);
        this.filters = new ArrayList<>(filters);
        this.start = start;
        this.stop = stop;
        this.ordering = ordering;
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
        if (streams.isEmpty() && filters.isEmpty()) {
            throw new IllegalArgumentException("Neither a stream nor a subject is given.");
        }
        return new ReadPlan(
                streams, filters, StartPosition.earliest(), StopPosition.never(), Ordering.FILTER);
    }

    public ReadPlan withRange(StartPosition from, StopPosition to) {
        return new ReadPlan(streams, filters, from, to, ordering);
    }

    public ReadPlan withOrdering(Ordering scope) {
        return new ReadPlan(streams, filters, start, stop, scope);
    }

    /** The names of the streams; none when the stream is to be found by the filters. */
    public List<String> streams() {
        return Collections.unmodifiableList(streams);
    }

    /** Disjoint subject filters; none means all subjects of the stream. */
    public List<String> filters() {
        return Collections.unmodifiableList(filters);
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

    /** Whether a subject is among those that are listed. */
    public boolean lists(String subject) {
        return filters.stream().anyMatch(filter -> SubjectFilter.parse(filter).matches(subject));
    }

    /** How many splits there can be at once. */
    public int mostSplits() {
        if (start.consumer() != null) {
            return 1;
        }
        switch (ordering) {
            case STREAM:
                return Math.max(1, streams.size());
            case FILTER:
                return Math.max(1, filters.size()) * Math.max(1, streams.size());
        }
        throw new IllegalStateException("Unknown ordering " + ordering);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof ReadPlan)) {
            return false;
        }
        ReadPlan that = (ReadPlan) other;
        return streams.equals(that.streams)
                && filters.equals(that.filters)
                && start.equals(that.start)
                && stop.equals(that.stop)
                && ordering == that.ordering;
    }

    @Override
    public int hashCode() {
        return Objects.hash(streams, filters, start, stop, ordering);
    }

    /** For messages: "stream ORDERS, subjects [orders.>]". */
    public String target() {
        String subjects = filters.isEmpty() ? "all subjects" : "subjects " + shortened(filters);
        if (streams.isEmpty()) {
            return subjects;
        }
        String names = String.join(", ", streams);
        return (streams.size() == 1 ? "stream " : "streams ") + names + ", " + subjects;
    }

    private static String shortened(List<String> list) {
        int more = list.size() - MOST_NAMED;
        return more <= 0 ? list.toString() : list.subList(0, MOST_NAMED) + " and " + more + " more";
    }

    @Override
    public String toString() {
        return target() + ", from " + start + " to " + stop + ", order by " + ordering;
    }
}

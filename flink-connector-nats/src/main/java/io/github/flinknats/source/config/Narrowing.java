// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import io.github.flinknats.subject.SubjectFilter;
import io.github.flinknats.subject.SubjectSet;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the messages that a query can use: it may pass more than those, never less. A
 * reader leaves out what does not pass; the query still checks every row.
 */
@Internal
public final class Narrowing implements Serializable {
    private static final long serialVersionUID = 1L;

    /** More subjects than that are passed by wildcards: the server checks a consumer's filters. */
    static final int MOST_SUBJECTS = 64;

    private static final Instant LATEST_IN_NANOS = Instant.ofEpochSecond(0, Long.MAX_VALUE);

    private static final Narrowing EVERYTHING =
            new Narrowing(null, 1, Long.MAX_VALUE, Instant.MIN, Instant.MAX);

    private final @Nullable ArrayList<SubjectFilter> subjects;
    private final long firstSequence;
    private final long lastSequence;
    private final Instant from;
    private final Instant to;

    private Narrowing(
            @Nullable Collection<SubjectFilter> subjects,
            long firstSequence,
            long lastSequence,
            Instant from,
            Instant to) {
        this.subjects = subjects == null ? null : new ArrayList<>(subjects);
        this.firstSequence = firstSequence;
        this.lastSequence = lastSequence;
        this.from = from;
        this.to = to;
    }

    /** Passes every message. */
    public static Narrowing everything() {
        return EVERYTHING;
    }

    /** Passes the messages whose subject passes the filter. */
    public static Narrowing subject(SubjectFilter filter) {
        return new Narrowing(
                Collections.singletonList(filter), 1, Long.MAX_VALUE, Instant.MIN, Instant.MAX);
    }

    /** Passes the messages with these stream sequences, both ends included. */
    public static Narrowing sequences(long first, long last) {
        return new Narrowing(null, Math.max(1, first), last, Instant.MIN, Instant.MAX);
    }

    /** Passes the messages stored in this time, both ends included. */
    public static Narrowing stored(Instant from, Instant to) {
        return new Narrowing(null, 1, Long.MAX_VALUE, from, to);
    }

    /** Passes what both pass. */
    public Narrowing and(Narrowing other) {
        return new Narrowing(
                intersection(subjects, other.subjects),
                Math.max(firstSequence, other.firstSequence),
                Math.min(lastSequence, other.lastSequence),
                from.isAfter(other.from) ? from : other.from,
                to.isBefore(other.to) ? to : other.to);
    }

    private static @Nullable Collection<SubjectFilter> intersection(
            @Nullable List<SubjectFilter> one, @Nullable List<SubjectFilter> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        Set<SubjectFilter> both = new LinkedHashSet<>();
        for (SubjectFilter left : one) {
            for (SubjectFilter right : other) {
                SubjectFilter common = left.intersection(right);
                if (common != null) {
                    both.add(common);
                }
            }
        }
        return both;
    }

    /** Passes what one of the two passes, and perhaps more. */
    public Narrowing or(Narrowing other) {
        Set<SubjectFilter> either = null;
        if (subjects != null && other.subjects != null) {
            either = new LinkedHashSet<>(subjects);
            either.addAll(other.subjects);
        }
        return new Narrowing(
                either,
                Math.min(firstSequence, other.firstSequence),
                Math.max(lastSequence, other.lastSequence),
                from.isBefore(other.from) ? from : other.from,
                to.isAfter(other.to) ? to : other.to);
    }

    /** The same, with no more subjects than a consumer can take, and disjoint. */
    public Narrowing withFewSubjects() {
        return subjects == null || subjects.isEmpty()
                ? this
                : new Narrowing(
                        SubjectSet.covering(subjects, MOST_SUBJECTS).filters(),
                        firstSequence,
                        lastSequence,
                        from,
                        to);
    }

    /**
     * The subjects of some filters that pass, as filters: few, or the given ones.
     *
     * @param filters disjoint; none means all subjects, and so does none in the result when {@link
     *     #passesNothing} is false
     */
    public List<String> narrow(List<String> filters) {
        if (subjects == null) {
            return filters;
        }
        List<SubjectFilter> all =
                filters.isEmpty()
                        ? Collections.singletonList(SubjectFilter.parse(">"))
                        : filters.stream().map(SubjectFilter::parse).collect(Collectors.toList());
        Collection<SubjectFilter> both = intersection(all, subjects);
        return both == null || both.size() > Math.max(MOST_SUBJECTS, filters.size())
                ? filters
                : both.stream().map(SubjectFilter::text).collect(Collectors.toList());
    }

    /** Whether nothing passes of what these filters pass. */
    public boolean passesNothing(List<String> filters) {
        return firstSequence > lastSequence
                || from.isAfter(to)
                || (subjects != null && narrow(filters).isEmpty());
    }

    /** Whether no subject is left out. */
    public boolean passesAllSubjects() {
        return subjects == null;
    }

    public boolean isEverything() {
        return equals(EVERYTHING);
    }

    /** The first stream sequence that passes, at least 1. */
    public long firstSequence() {
        return firstSequence;
    }

    /** The last stream sequence that passes. */
    public long lastSequence() {
        return lastSequence;
    }

    /** The earliest store time that passes; {@link Instant#MIN} without limit. */
    public Instant from() {
        return from;
    }

    /** The latest store time that passes; {@link Instant#MAX} without limit. */
    public Instant to() {
        return to;
    }

    /** {@link #to()} in nanoseconds since the epoch, {@link Long#MAX_VALUE} without limit. */
    public long lastStoreNanos() {
        return to.isBefore(LATEST_IN_NANOS)
                ? Math.max(0, TimeUnit.SECONDS.toNanos(to.getEpochSecond()) + to.getNano())
                : Long.MAX_VALUE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Narrowing)) {
            return false;
        }
        Narrowing that = (Narrowing) other;
        return Objects.equals(subjects, that.subjects)
                && firstSequence == that.firstSequence
                && lastSequence == that.lastSequence
                && from.equals(that.from)
                && to.equals(that.to);
    }

    @Override
    public int hashCode() {
        return Objects.hash(subjects, firstSequence, lastSequence, from, to);
    }

    @Override
    public String toString() {
        List<String> limits = new ArrayList<>();
        if (subjects != null) {
            limits.add("subjects " + subjects);
        }
        if (firstSequence > 1 || lastSequence < Long.MAX_VALUE) {
            limits.add(
                    "sequences "
                            + firstSequence
                            + ".."
                            + (lastSequence < Long.MAX_VALUE ? lastSequence : ""));
        }
        if (from.isAfter(Instant.MIN)) {
            limits.add("stored from " + from);
        }
        if (to.isBefore(Instant.MAX)) {
            limits.add("stored until " + to);
        }
        return limits.isEmpty() ? "everything" : String.join(", ", limits);
    }
}

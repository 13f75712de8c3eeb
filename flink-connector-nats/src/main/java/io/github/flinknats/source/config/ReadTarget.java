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

/** Which streams and subjects are read. */
@Internal
public final class ReadTarget implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int MOST_NAMED = 20;

    private final ArrayList<String> streams;
    private final ArrayList<String> filters;

    private ReadTarget(List<String> streams, List<String> filters) {
        this.streams = new ArrayList<>(streams);
        this.filters = new ArrayList<>(filters);
    }

    static ReadTarget of(List<String> streams, List<String> filters) {
        if (streams.isEmpty() && filters.isEmpty()) {
            throw new IllegalArgumentException("Neither a stream nor a subject is given.");
        }
        return new ReadTarget(streams, filters);
    }

    /** The names of the streams; none when the stream is to be found by the filters. */
    public List<String> streams() {
        return Collections.unmodifiableList(streams);
    }

    /** Disjoint subject filters; none means all subjects of the stream. */
    public List<String> filters() {
        return Collections.unmodifiableList(filters);
    }

    /** Whether a subject is among those that are listed. */
    boolean lists(String subject) {
        return filters.stream().anyMatch(filter -> SubjectFilter.parse(filter).matches(subject));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReadTarget
                && streams.equals(((ReadTarget) other).streams)
                && filters.equals(((ReadTarget) other).filters);
    }

    @Override
    public int hashCode() {
        return Objects.hash(streams, filters);
    }

    /** For messages: "stream ORDERS, subjects [orders.>]". */
    @Override
    public String toString() {
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
}

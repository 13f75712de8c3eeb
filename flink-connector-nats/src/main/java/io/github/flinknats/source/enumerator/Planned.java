// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.config.Ordering;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** Which filters of which streams have been cut into splits, so that new ones are noticed. */
@Internal
final class Planned implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Stands for all subjects of a stream. */
    static final String EVERYTHING = ">";

    private final boolean known;
    private final Ordering ordering;
    private final TreeMap<String, ArrayList<String>> filters;

    private Planned(boolean known, Ordering ordering, Map<String, List<String>> filters) {
        this.known = known;
        this.ordering = ordering;
        this.filters = new TreeMap<>();
        filters.forEach((stream, list) -> this.filters.put(stream, new ArrayList<>(list)));
    }

    /** Nothing. */
    static Planned nothing(Ordering ordering) {
        return new Planned(true, ordering, Collections.emptyMap());
    }

    /** Something, but what is not known: it was planned by the first version. */
    static Planned unknown() {
        return new Planned(false, Ordering.FILTER, Collections.emptyMap());
    }

    /**
     * @param filters by stream
     */
    static Planned of(Ordering ordering, Map<String, List<String>> filters) {
        return new Planned(true, ordering, filters);
    }

    boolean isKnown() {
        return known;
    }

    Ordering ordering() {
        return ordering;
    }

    Set<String> streams() {
        return Collections.unmodifiableSet(filters.keySet());
    }

    /** The filters of a stream, {@link #EVERYTHING} when it is read as a whole. */
    List<String> filtersOf(String stream) {
        List<String> found = filters.get(stream);
        return found == null ? Collections.emptyList() : Collections.unmodifiableList(found);
    }

    /** The filters of all streams, each once. */
    Set<String> allFilters() {
        Set<String> all = new LinkedHashSet<>();
        filters.values().forEach(all::addAll);
        return all;
    }

    /** The filters as they are written here: none is {@link #EVERYTHING}. */
    static List<String> written(List<String> filters) {
        return filters.isEmpty() ? Collections.singletonList(EVERYTHING) : filters;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Planned)) {
            return false;
        }
        Planned that = (Planned) other;
        return known == that.known && ordering == that.ordering && filters.equals(that.filters);
    }

    @Override
    public int hashCode() {
        return Objects.hash(known, ordering, filters);
    }

    @Override
    public String toString() {
        return known ? filters + ", order by " + ordering : "not known";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Filters of which no two let the same subject pass, so that no message is read twice. In the order
 * in which they were written.
 */
public final class SubjectSet implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final SubjectSet EMPTY = new SubjectSet(Collections.emptyList());

    private final ArrayList<SubjectFilter> filters;

    private SubjectSet(List<SubjectFilter> filters) {
        this.filters = new ArrayList<>(filters);
    }

    /** No filter. */
    public static SubjectSet empty() {
        return EMPTY;
    }

    /**
     * Reads filters separated by commas. A filter that repeats another or is covered by it is left
     * out.
     *
     * @throws IllegalArgumentException naming the entry that is no filter, or the two filters that
     *     overlap without one covering the other
     */
    public static SubjectSet parse(String list) {
        if (list.trim().isEmpty()) {
            throw new IllegalArgumentException("The list of subjects is empty.");
        }
        List<SubjectFilter> filters = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            String filter = entry.trim();
            if (filter.isEmpty()) {
                throw new IllegalArgumentException(
                        "The list of subjects '" + list + "' has an empty entry: remove a comma.");
            }
            filters.add(SubjectFilter.parse(filter));
        }
        return of(filters);
    }

    /**
     * The filters without those that others cover.
     *
     * @throws IllegalArgumentException naming two filters that overlap without one covering the
     *     other
     */
    public static SubjectSet of(List<SubjectFilter> filters) {
        // Lists may be long, wildcards are few: subjects are compared with wildcards only.
        Set<SubjectFilter> distinct = new LinkedHashSet<>(filters);
        List<SubjectFilter> wildcards =
                distinct.stream().filter(SubjectFilter::hasWildcard).collect(Collectors.toList());
        List<SubjectFilter> kept =
                distinct.stream()
                        .filter(filter -> !isCoveredByAnother(filter, wildcards))
                        .collect(Collectors.toList());
        refuseOverlap(
                kept.stream().filter(SubjectFilter::hasWildcard).collect(Collectors.toList()));
        return kept.isEmpty() ? EMPTY : new SubjectSet(kept);
    }

    private static boolean isCoveredByAnother(SubjectFilter filter, List<SubjectFilter> wildcards) {
        return wildcards.stream().anyMatch(other -> !other.equals(filter) && other.covers(filter));
    }

    private static void refuseOverlap(List<SubjectFilter> filters) {
        for (int i = 0; i < filters.size(); i++) {
            for (int j = i + 1; j < filters.size(); j++) {
                if (filters.get(i).overlaps(filters.get(j))) {
                    throw new IllegalArgumentException(
                            "The subjects '"
                                    + filters.get(i)
                                    + "' and '"
                                    + filters.get(j)
                                    + "' overlap, so a message could be read twice: write one"
                                    + " filter that covers both, such as '"
                                    + filters.get(i).union(filters.get(j))
                                    + "', or filters that have no subject in common.");
                }
            }
        }
    }

    /**
     * Filters that pass at least what the given ones pass, disjoint and few: wildcards take the
     * place of tokens until there are no more than allowed.
     *
     * @param most how many filters may be left, at least 1
     */
    public static SubjectSet covering(List<SubjectFilter> filters, int most) {
        List<SubjectFilter> wide = new ArrayList<>(new LinkedHashSet<>(filters));
        while (wide.size() > most) {
            int position = mostVariedPosition(wide);
            Set<SubjectFilter> fewer = new LinkedHashSet<>();
            wide.forEach(filter -> fewer.add(filter.withWildcardAt(position)));
            if (fewer.size() == wide.size()) {
                // Only lengths differ.
                SubjectFilter all = wide.stream().reduce(SubjectFilter::union).orElseThrow();
                return new SubjectSet(Collections.singletonList(all));
            }
            wide = new ArrayList<>(fewer);
        }
        return new SubjectSet(disjoint(wide));
    }

    /** Filters that overlap are united, one that covers another takes its place. */
    private static List<SubjectFilter> disjoint(List<SubjectFilter> filters) {
        List<SubjectFilter> apart = new ArrayList<>();
        for (SubjectFilter filter : filters) {
            SubjectFilter wide = filter;
            SubjectFilter other = firstOverlapping(wide, apart);
            while (other != null) {
                apart.remove(other);
                wide = wide.covers(other) ? wide : other.covers(wide) ? other : wide.union(other);
                other = firstOverlapping(wide, apart);
            }
            apart.add(wide);
        }
        return apart;
    }

    private static @Nullable SubjectFilter firstOverlapping(
            SubjectFilter filter, List<SubjectFilter> others) {
        return others.stream().filter(filter::overlaps).findFirst().orElse(null);
    }

    private static int mostVariedPosition(List<SubjectFilter> filters) {
        int best = 0;
        int most = 0;
        int longest = filters.stream().mapToInt(filter -> filter.tokens().size()).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            Set<String> seen = new HashSet<>();
            for (SubjectFilter filter : filters) {
                if (i < filter.tokens().size()) {
                    seen.add(filter.tokens().get(i));
                }
            }
            if (seen.size() > most) {
                best = i;
                most = seen.size();
            }
        }
        return best;
    }

    /** The filters, disjoint. */
    public List<SubjectFilter> filters() {
        return Collections.unmodifiableList(filters);
    }

    /** The filters as written. */
    public List<String> texts() {
        return filters.stream().map(SubjectFilter::text).collect(Collectors.toList());
    }

    public boolean isEmpty() {
        return filters.isEmpty();
    }

    public int size() {
        return filters.size();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SubjectSet && filters.equals(((SubjectSet) other).filters);
    }

    @Override
    public int hashCode() {
        return filters.hashCode();
    }

    @Override
    public String toString() {
        return filters.toString();
    }
}

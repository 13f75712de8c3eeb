// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
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
                                    + cover(filters.get(i), filters.get(j))
                                    + "', or filters that have no subject in common.");
                }
            }
        }
    }

    /** A filter that covers two overlapping ones: a wildcard wherever they differ. */
    private static String cover(SubjectFilter one, SubjectFilter other) {
        String[] left = one.text().split("\\.", -1);
        String[] right = other.text().split("\\.", -1);
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            if (left[i].equals(">") || right[i].equals(">")) {
                tokens.add(">");
                break;
            }
            tokens.add(left[i].equals(right[i]) ? left[i] : "*");
        }
        return String.join(".", tokens);
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

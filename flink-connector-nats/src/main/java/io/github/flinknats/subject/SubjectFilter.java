// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subject or a pattern of subjects: tokens separated by dots, where {@code *} stands for one
 * token and {@code >}, as the last token, for one or more.
 */
public final class SubjectFilter implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String ONE = "*";
    private static final String REST = ">";

    private final ArrayList<String> tokens;

    private SubjectFilter(List<String> tokens) {
        this.tokens = new ArrayList<>(tokens);
    }

    /**
     * Reads one filter.
     *
     * @throws IllegalArgumentException saying which rule it breaks
     */
    public static SubjectFilter parse(String text) {
        String problem = Subjects.filterProblem(text);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return new SubjectFilter(tokensOf(text));
    }

    private static List<String> tokensOf(String subject) {
        return Arrays.asList(subject.split("\\.", -1));
    }

    /** As it was written. */
    public String text() {
        return String.join(".", tokens);
    }

    /** Whether it stands for more than one subject. */
    public boolean hasWildcard() {
        return tokens.contains(ONE) || tokens.contains(REST);
    }

    /** Whether a message of the subject passes. */
    public boolean matches(String subject) {
        return covers(tokens, tokensOf(subject));
    }

    /** Whether every subject that passes the other filter passes this one too. */
    public boolean covers(SubjectFilter other) {
        return covers(tokens, other.tokens);
    }

    private static boolean covers(List<String> wide, List<String> narrow) {
        int both = Math.min(wide.size(), narrow.size());
        for (int i = 0; i < both; i++) {
            String token = wide.get(i);
            if (token.equals(REST)) {
                return true;
            }
            String other = narrow.get(i);
            if (other.equals(REST) || (!token.equals(ONE) && !token.equals(other))) {
                return false;
            }
        }
        return wide.size() == narrow.size();
    }

    /** Whether some subject passes both filters. */
    public boolean overlaps(SubjectFilter other) {
        int both = Math.min(tokens.size(), other.tokens.size());
        for (int i = 0; i < both; i++) {
            String mine = tokens.get(i);
            String its = other.tokens.get(i);
            if (mine.equals(REST) || its.equals(REST)) {
                return true;
            }
            if (!mine.equals(ONE) && !its.equals(ONE) && !mine.equals(its)) {
                return false;
            }
        }
        return tokens.size() == other.tokens.size();
    }

    /** The filter of the subjects that pass both, or null if there are none. */
    public @Nullable SubjectFilter intersection(SubjectFilter other) {
        List<String> both = new ArrayList<>();
        int shorter = Math.min(tokens.size(), other.tokens.size());
        for (int i = 0; i < shorter; i++) {
            String mine = tokens.get(i);
            String its = other.tokens.get(i);
            if (mine.equals(REST) || its.equals(REST)) {
                List<String> narrow = mine.equals(REST) ? other.tokens : tokens;
                both.addAll(narrow.subList(i, narrow.size()));
                return new SubjectFilter(both);
            }
            if (!mine.equals(ONE) && !its.equals(ONE) && !mine.equals(its)) {
                return null;
            }
            both.add(mine.equals(ONE) ? its : mine);
        }
        return tokens.size() == other.tokens.size() ? new SubjectFilter(both) : null;
    }

    /**
     * The narrowest filter that passes all that pass one of the two: a wildcard where they differ.
     */
    SubjectFilter union(SubjectFilter other) {
        List<String> wide = new ArrayList<>();
        int shorter = Math.min(tokens.size(), other.tokens.size());
        for (int i = 0; i < shorter; i++) {
            String mine = tokens.get(i);
            String its = other.tokens.get(i);
            if (mine.equals(REST) || its.equals(REST)) {
                wide.add(REST);
                return new SubjectFilter(wide);
            }
            wide.add(mine.equals(its) ? mine : ONE);
        }
        if (tokens.size() != other.tokens.size()) {
            wide.set(shorter - 1, REST);
        }
        return new SubjectFilter(wide);
    }

    /** The tokens from the first to the last. */
    List<String> tokens() {
        return Collections.unmodifiableList(tokens);
    }

    /** The filter with a wildcard at a position, if it has a token there. */
    SubjectFilter withWildcardAt(int position) {
        if (position >= tokens.size() || tokens.get(position).equals(REST)) {
            return this;
        }
        SubjectFilter wide = new SubjectFilter(tokens);
        wide.tokens.set(position, ONE);
        return wide;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SubjectFilter && tokens.equals(((SubjectFilter) other).tokens);
    }

    @Override
    public int hashCode() {
        return tokens.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}

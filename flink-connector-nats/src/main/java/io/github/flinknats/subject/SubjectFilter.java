// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
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

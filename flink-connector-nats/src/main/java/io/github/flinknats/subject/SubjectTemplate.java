// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subject with columns in it, such as {@code orders.{region}.{id}}: each column stands for one
 * whole token, {@code {key...}} at the end for all that remain. Turns a subject into the values of
 * its columns and back. Wildcards may stand beside columns; a subject cannot be made then.
 */
public final class SubjectTemplate implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String ALL_THAT_REMAINS = "...";

    private final ArrayList<String> tokens;
    private final ArrayList<String> columns;
    private final boolean takesRest;

    private SubjectTemplate(List<String> tokens) {
        this.tokens = new ArrayList<>(tokens);
        this.columns = new ArrayList<>();
        boolean rest = false;
        for (String token : tokens) {
            if (isColumn(token)) {
                rest = token.endsWith(ALL_THAT_REMAINS + '}');
                columns.add(
                        token.substring(
                                1, token.length() - 1 - (rest ? ALL_THAT_REMAINS.length() : 0)));
            }
        }
        this.takesRest = rest;
    }

    /** Whether the text has columns in it, well written or not. */
    public static boolean isTemplate(String text) {
        return text.indexOf('{') >= 0 || text.indexOf('}') >= 0;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException saying which rule it breaks
     */
    public static SubjectTemplate parse(String text) {
        SubjectTemplate template = new SubjectTemplate(split(text));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < template.tokens.size(); i++) {
            String token = template.tokens.get(i);
            if (isColumn(token) && token.endsWith(ALL_THAT_REMAINS + '}') && !template.isLast(i)) {
                throw refused(
                        text,
                        "has '"
                                + Printable.quote(token)
                                + "' before its end: only the last token can"
                                + " stand for all that remain");
            }
        }
        for (String column : template.columns) {
            if (column.isEmpty()) {
                throw refused(text, "has a column without a name");
            }
            if (!seen.add(column)) {
                throw refused(text, "has the column '" + Printable.quote(column) + "' twice");
            }
        }
        if (template.columns.isEmpty()) {
            throw refused(text, "has no column in it");
        }
        String problem = Subjects.filterProblem(template.filter());
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return template;
    }

    private static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int end;
            if (text.startsWith("{", start)) {
                int brace = text.indexOf('}', start);
                if (brace < 0) {
                    throw refused(text, "has a '{' without its '}'");
                }
                end = brace + 1;
                if (end < text.length() && text.charAt(end) != '.') {
                    throw partOfAToken(text);
                }
            } else {
                int dot = text.indexOf('.', start);
                end = dot < 0 ? text.length() : dot;
                if (isTemplate(text.substring(start, end))) {
                    throw partOfAToken(text);
                }
            }
            tokens.add(text.substring(start, end));
            start = end + 1;
        }
        return tokens;
    }

    private static IllegalArgumentException partOfAToken(String text) {
        return refused(
                text,
                "has braces inside a token: a column stands for a whole token, as in"
                        + " 'orders.{region}.{id}'");
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException(
                "The subject template '" + Printable.quote(text) + "' " + why + ".");
    }

    private static boolean isColumn(String token) {
        return token.startsWith("{");
    }

    private boolean isLast(int index) {
        return index == tokens.size() - 1;
    }

    /** The columns in the order of their tokens. */
    public List<String> columns() {
        return Collections.unmodifiableList(columns);
    }

    /** Whether the last column stands for all tokens that remain. */
    public boolean takesRest() {
        return takesRest;
    }

    /** Whether a subject can be made: there is no wildcard. */
    public boolean isWritable() {
        return !tokens.contains("*") && !tokens.contains(">");
    }

    /** The filter that passes every subject of this form. */
    public String filter() {
        return filter(Collections.emptyMap());
    }

    /**
     * The filter that passes the subjects of this form whose columns have the given values.
     *
     * @param known values by column; one that cannot be a token makes no filter
     * @throws IllegalArgumentException for such a value
     */
    public String filter(Map<String, String> known) {
        List<String> filter = new ArrayList<>(tokens.size());
        int column = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (!isColumn(token)) {
                filter.add(token);
                continue;
            }
            String name = columns.get(column++);
            boolean rest = takesRest && isLast(i);
            String value = known.get(name);
            filter.add(value == null ? (rest ? ">" : "*") : checked(name, value, rest));
        }
        return String.join(".", filter);
    }

    /** The values of the columns in a subject, in their order, or null if it has another form. */
    public String @Nullable [] read(String subject) {
        String[] values = new String[columns.size()];
        int column = 0;
        int start = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (start > subject.length()) {
                return null; // fewer tokens
            }
            String token = tokens.get(i);
            if (token.equals(">") || (takesRest && isLast(i))) {
                if (start == subject.length()) {
                    return null;
                }
                if (takesRest) {
                    values[column] = subject.substring(start);
                }
                return values;
            }
            int dot = subject.indexOf('.', start);
            int end = dot < 0 ? subject.length() : dot;
            if (isColumn(token)) {
                values[column++] = subject.substring(start, end);
            } else if (!token.equals("*")
                    && !(token.length() == end - start && subject.startsWith(token, start))) {
                return null;
            }
            start = end + 1;
        }
        return start > subject.length() ? values : null;
    }

    /**
     * The subject of these values.
     *
     * @param values one for each of {@link #columns()}
     * @throws IllegalArgumentException naming the column and the value that cannot be a token
     */
    public String write(String[] values) {
        StringBuilder subject = new StringBuilder();
        int column = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (i > 0) {
                subject.append('.');
            }
            if (isColumn(token)) {
                String name = columns.get(column);
                subject.append(checked(name, values[column], takesRest && isLast(i)));
                column++;
            } else {
                subject.append(token);
            }
        }
        return subject.toString();
    }

    private static String checked(String column, @Nullable String value, boolean rest) {
        String problem = Subjects.tokenProblem(value, rest);
        if (problem != null) {
            throw new IllegalArgumentException(
                    "Column '" + column + "' cannot be part of a subject: " + problem);
        }
        return value == null ? "" : value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof SubjectTemplate)) {
            return false;
        }
        SubjectTemplate that = (SubjectTemplate) other;
        return tokens.equals(that.tokens)
                && columns.equals(that.columns)
                && takesRest == that.takesRest;
    }

    @Override
    public int hashCode() {
        return Objects.hash(tokens, columns, takesRest);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return String.join(".", tokens);
    }
}

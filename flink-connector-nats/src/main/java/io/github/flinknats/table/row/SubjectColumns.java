// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.subject.SubjectTemplate;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/** The columns of a table that are tokens of the subject. */
@Internal
public final class SubjectColumns implements Serializable {
    private static final long serialVersionUID = 1L;

    private final SubjectTemplate template;
    private final ArrayList<Integer> positions;
    private final ArrayList<LogicalType> types;

    private SubjectColumns(
            SubjectTemplate template, List<Integer> positions, List<LogicalType> types) {
        this.template = template;
        this.positions = new ArrayList<>(positions);
        this.types = new ArrayList<>(types);
    }

    /**
     * Finds the template's columns in the table.
     *
     * @param physical the row of the table's physical columns
     * @throws IllegalArgumentException naming a column that is missing, or whose values cannot be
     *     tokens
     */
    public static SubjectColumns of(SubjectTemplate template, RowType physical) {
        List<Integer> positions = new ArrayList<>();
        List<LogicalType> types = new ArrayList<>();
        for (String column : template.columns()) {
            int position = physical.getFieldIndex(column);
            if (position < 0) {
                throw new IllegalArgumentException(
                        "The subject '"
                                + template
                                + "' names the column '"
                                + column
                                + "', but the table has none of that name. Its physical columns"
                                + " are "
                                + physical.getFieldNames()
                                + ".");
            }
            LogicalType type = physical.getTypeAt(position);
            if (!SubjectTokens.areSupported(type)) {
                throw new IllegalArgumentException(
                        "The column '"
                                + column
                                + "' of the subject '"
                                + template
                                + "' is a "
                                + type.copy(true).asSummaryString()
                                + ": only strings, integers, BOOLEAN and DATE can be tokens of a"
                                + " subject.");
            }
            positions.add(position);
            types.add(type);
        }
        return new SubjectColumns(template, positions, types);
    }

    public SubjectTemplate template() {
        return template;
    }

    /** Positions of the columns among the physical ones, in the order of the template. */
    public List<Integer> positions() {
        return Collections.unmodifiableList(positions);
    }

    /** Types of the columns, in the order of the template. */
    public List<LogicalType> types() {
        return Collections.unmodifiableList(types);
    }

    /**
     * The values of the columns in a subject, in the order of the template and in Flink's internal
     * form.
     *
     * @throws IllegalArgumentException if the subject has another form, or a token is no value of
     *     its column
     */
    public Object[] read(String subject) {
        String[] tokens = template.read(subject);
        if (tokens == null) {
            throw new IllegalArgumentException(
                    "The subject does not have the form '" + template + "'.");
        }
        Object[] values = new Object[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            try {
                values[i] = SubjectTokens.parse(tokens[i], types.get(i));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "Column '"
                                + template.columns().get(i)
                                + "' cannot be read from the subject: "
                                + e.getMessage()
                                + ".",
                        e);
            }
        }
        return values;
    }

    /**
     * The subject of a row.
     *
     * @param row all physical columns
     * @throws IllegalArgumentException naming the column and the value that cannot be a token
     */
    public String write(RowData row) {
        String[] tokens = new String[types.size()];
        for (int i = 0; i < tokens.length; i++) {
            Object value =
                    RowData.createFieldGetter(types.get(i), positions.get(i)).getFieldOrNull(row);
            tokens[i] = value == null ? null : SubjectTokens.format(value, types.get(i));
        }
        return template.write(tokens);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof SubjectColumns)) {
            return false;
        }
        SubjectColumns that = (SubjectColumns) other;
        return template.equals(that.template)
                && positions.equals(that.positions)
                && types.equals(that.types);
    }

    @Override
    public int hashCode() {
        return Objects.hash(template, positions, types);
    }

    @Override
    public String toString() {
        return template.toString();
    }
}

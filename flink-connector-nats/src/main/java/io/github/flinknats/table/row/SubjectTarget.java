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
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/** Where the rows of a table go: to one subject, or to one that is made of columns. */
@Internal
public final class SubjectTarget implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final @Nullable SubjectColumns columns;

    private SubjectTarget(String text, @Nullable SubjectColumns columns) {
        this.text = text;
        this.columns = columns;
    }

    /**
     * A subject, or a template of one.
     *
     * @param physical the row of the table's physical columns
     * @throws IllegalArgumentException when the columns do not fit the template
     */
    public static SubjectTarget of(String text, RowType physical) {
        return new SubjectTarget(
                text,
                SubjectTemplate.isTemplate(text)
                        ? SubjectColumns.of(SubjectTemplate.parse(text), physical)
                        : null);
    }

    /** Positions of the columns that the subject holds. */
    public List<Integer> positions() {
        return columns == null ? Collections.emptyList() : columns.positions();
    }

    /** Those of the columns that the subject does not hold. */
    public List<String> missing(List<String> names) {
        List<String> missing = new ArrayList<>(names);
        if (columns != null) {
            missing.removeAll(columns.template().columns());
        }
        return missing;
    }

    /**
     * The subject of a row.
     *
     * @throws IllegalArgumentException naming the column whose value cannot be a token
     */
    String of(RowData row) {
        return columns == null ? text : columns.write(row);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SubjectTarget
                && text.equals(((SubjectTarget) other).text)
                && Objects.equals(columns, ((SubjectTarget) other).columns);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, columns);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}

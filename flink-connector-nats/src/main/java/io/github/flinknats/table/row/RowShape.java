// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/** What becomes of a decoded row before it is emitted. */
@Internal
public final class RowShape implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @Nullable SubjectColumns subject;
    private final @Nullable ArrayList<Integer> columns;
    private final ArrayList<LogicalType> types;
    private final ArrayList<ReadableMetadata> metadata;
    private final RowRules rules;

    private RowShape(
            @Nullable SubjectColumns subject,
            @Nullable List<Integer> columns,
            List<LogicalType> types,
            List<ReadableMetadata> metadata,
            RowRules rules) {
        this.subject = subject;
        this.columns = columns == null ? null : new ArrayList<>(columns);
        this.types = new ArrayList<>(types);
        this.metadata = new ArrayList<>(metadata);
        this.rules = rules;
    }

    /**
     * Rows as they were decoded.
     *
     * @param types of the row that results, without metadata of the message
     */
    public static RowShape asDecoded(List<LogicalType> types) {
        return new RowShape(null, null, types, Collections.emptyList(), RowRules.none());
    }

    /** Only some of the decoded columns, by position and in this order. */
    public RowShape withColumns(List<Integer> positions) {
        return new RowShape(subject, positions, types, metadata, rules);
    }

    /**
     * Some of the columns in the subject and of the decoded ones.
     *
     * @param positions in the row that begins with the subject's columns and goes on with the
     *     decoded ones
     */
    public RowShape withSubject(SubjectColumns read, List<Integer> positions) {
        return new RowShape(read, positions, types, metadata, rules);
    }

    /** With metadata behind the other columns. */
    public RowShape withMetadata(List<ReadableMetadata> appended) {
        return new RowShape(subject, columns, types, appended, rules);
    }

    public RowShape withRules(RowRules checked) {
        return new RowShape(subject, columns, types, metadata, checked);
    }

    /** The columns in the subject, or null. */
    @Nullable SubjectColumns subject() {
        return subject;
    }

    /** Positions of the columns to keep, those of the subject first, or null for all decoded. */
    @Nullable List<Integer> columns() {
        return columns == null ? null : Collections.unmodifiableList(columns);
    }

    /** Types of the row, without metadata of the message. */
    List<LogicalType> types() {
        return Collections.unmodifiableList(types);
    }

    List<ReadableMetadata> metadata() {
        return Collections.unmodifiableList(metadata);
    }

    RowRules rules() {
        return rules;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof RowShape)) {
            return false;
        }
        RowShape that = (RowShape) other;
        return Objects.equals(subject, that.subject)
                && Objects.equals(columns, that.columns)
                && types.equals(that.types)
                && metadata.equals(that.metadata)
                && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return Objects.hash(subject, columns, types, metadata, rules);
    }

    @Override
    public String toString() {
        return (subject == null ? "" : "subject " + subject + ", ")
                + (columns == null ? "all columns" : "columns " + columns)
                + " as "
                + types
                + ", metadata "
                + metadata
                + ", "
                + rules;
    }
}

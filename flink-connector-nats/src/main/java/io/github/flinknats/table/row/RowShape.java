// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** How a decoded row becomes a row of the table. */
@Internal
public final class RowShape implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @Nullable ArrayList<Integer> columns;
    private final ArrayList<ReadableMetadata> metadata;
    private final boolean upsert;
    private final LinkedHashMap<Integer, String> required;
    private final boolean valueExpected;

    private RowShape(
            @Nullable List<Integer> columns,
            List<ReadableMetadata> metadata,
            boolean upsert,
            Map<Integer, String> required,
            boolean valueExpected) {
        this.columns = columns == null ? null : new ArrayList<>(columns);
        this.metadata = new ArrayList<>(metadata);
        this.upsert = upsert;
        this.required = new LinkedHashMap<>(required);
        this.valueExpected = valueExpected;
    }

    /** Rows as they were decoded. */
    public static RowShape asDecoded() {
        return new RowShape(null, Collections.emptyList(), false, Collections.emptyMap(), false);
    }

    /** Only some of the decoded columns, by position and in this order. */
    public RowShape withColumns(List<Integer> positions) {
        return new RowShape(positions, metadata, upsert, required, valueExpected);
    }

    /** With metadata behind the decoded columns. */
    public RowShape withMetadata(List<ReadableMetadata> appended) {
        return new RowShape(columns, appended, upsert, required, valueExpected);
    }

    /** Every row overwrites the row of its key. */
    public RowShape asUpsert() {
        return new RowShape(columns, metadata, true, required, valueExpected);
    }

    /**
     * A row without a value for one of these columns is a bad record.
     *
     * @param names of the columns, by their position in the row of the table
     */
    public RowShape withRequired(Map<Integer, String> names) {
        return new RowShape(columns, metadata, upsert, names, valueExpected);
    }

    /** A message without a value, empty or {@code null}, is a bad record. */
    public RowShape expectingValues() {
        return new RowShape(columns, metadata, upsert, required, true);
    }

    /** Positions of the decoded columns to keep, or null for all of them. */
    @Nullable List<Integer> columns() {
        return columns == null ? null : Collections.unmodifiableList(columns);
    }

    List<ReadableMetadata> metadata() {
        return Collections.unmodifiableList(metadata);
    }

    boolean isUpsert() {
        return upsert;
    }

    /** Names of the columns that may not be null, by position. */
    Map<Integer, String> required() {
        return Collections.unmodifiableMap(required);
    }

    boolean isValueExpected() {
        return valueExpected;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof RowShape)) {
            return false;
        }
        RowShape that = (RowShape) other;
        return Objects.equals(columns, that.columns)
                && metadata.equals(that.metadata)
                && upsert == that.upsert
                && required.equals(that.required)
                && valueExpected == that.valueExpected;
    }

    @Override
    public int hashCode() {
        return Objects.hash(columns, metadata, upsert, required, valueExpected);
    }

    @Override
    public String toString() {
        return (columns == null ? "all columns" : "columns " + columns)
                + ", metadata "
                + metadata
                + (upsert ? ", upsert" : "")
                + (required.isEmpty() ? "" : ", not null " + required.values())
                + (valueExpected ? ", each a value" : "");
    }
}

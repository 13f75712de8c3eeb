// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    private RowShape(
            @Nullable List<Integer> columns, List<ReadableMetadata> metadata, boolean upsert) {
        this.columns = columns == null ? null : new ArrayList<>(columns);
        this.metadata = new ArrayList<>(metadata);
        this.upsert = upsert;
    }

    /** Rows as they were decoded. */
    public static RowShape asDecoded() {
        return new RowShape(null, Collections.emptyList(), false);
    }

    /** Only some of the decoded columns, by position and in this order. */
    public RowShape withColumns(List<Integer> positions) {
        return new RowShape(positions, metadata, upsert);
    }

    /** With metadata behind the decoded columns. */
    public RowShape withMetadata(List<ReadableMetadata> appended) {
        return new RowShape(columns, appended, upsert);
    }

    /** Every row overwrites the row of its key. */
    public RowShape asUpsert() {
        return new RowShape(columns, metadata, true);
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

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof RowShape)) {
            return false;
        }
        RowShape that = (RowShape) other;
        return Objects.equals(columns, that.columns)
                && metadata.equals(that.metadata)
                && upsert == that.upsert;
    }

    @Override
    public int hashCode() {
        return Objects.hash(columns, metadata, upsert);
    }

    @Override
    public String toString() {
        return (columns == null ? "all columns" : "columns " + columns)
                + ", metadata "
                + metadata
                + (upsert ? ", upsert" : "");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

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

/** The columns that identify a row. */
@Internal
public final class RowKey implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> names;
    private final ArrayList<Integer> positions;
    private final ArrayList<LogicalType> types;

    private RowKey(List<String> names, List<Integer> positions, List<LogicalType> types) {
        this.names = new ArrayList<>(names);
        this.positions = new ArrayList<>(positions);
        this.types = new ArrayList<>(types);
    }

    /**
     * The key of a table; without columns when it has none.
     *
     * @param physical the row of the table's physical columns
     */
    public static RowKey of(List<String> names, RowType physical) {
        List<Integer> positions = new ArrayList<>();
        List<LogicalType> types = new ArrayList<>();
        for (String name : names) {
            positions.add(physical.getFieldIndex(name));
            types.add(physical.getTypeAt(physical.getFieldIndex(name)));
        }
        return new RowKey(names, positions, types);
    }

    public List<String> names() {
        return Collections.unmodifiableList(names);
    }

    List<Integer> positions() {
        return Collections.unmodifiableList(positions);
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** " with id = 7", for errors; nothing without a key. */
    String describe(RowData row) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            Object value =
                    RowData.createFieldGetter(types.get(i), positions.get(i)).getFieldOrNull(row);
            text.append(i == 0 ? " with " : ", ").append(names.get(i)).append(" = ");
            text.append(value == null ? "NULL" : SubjectTokens.format(value, types.get(i)));
        }
        return text.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowKey
                && names.equals(((RowKey) other).names)
                && positions.equals(((RowKey) other).positions)
                && types.equals(((RowKey) other).types);
    }

    @Override
    public int hashCode() {
        return Objects.hash(names, positions, types);
    }

    @Override
    public String toString() {
        return names.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;

/** The physical columns of a table: which are its key, and which stand in the subject. */
@Internal
public final class TableColumns implements Serializable {
    private static final long serialVersionUID = 1L;

    private final DataType physical;
    private final ArrayList<Integer> key;
    private final @Nullable SubjectColumns subject;

    private TableColumns(DataType physical, List<Integer> key, @Nullable SubjectColumns subject) {
        this.physical = physical;
        this.key = new ArrayList<>(key);
        this.subject = subject;
    }

    /** Columns without a key, all of them in the payload. */
    public static TableColumns of(DataType physical) {
        return new TableColumns(physical, Collections.emptyList(), null);
    }

    /** With a PRIMARY KEY of the columns at these positions. */
    public TableColumns withKey(List<Integer> positions) {
        return new TableColumns(physical, positions, subject);
    }

    /** With columns that stand in the subject. */
    public TableColumns withSubject(@Nullable SubjectColumns columns) {
        return new TableColumns(physical, key, columns);
    }

    /** The row of all physical columns. */
    public DataType physical() {
        return physical;
    }

    /** The names of the PRIMARY KEY's columns; none without one. */
    public List<String> key() {
        List<String> names = DataType.getFieldNames(physical);
        return key.stream().map(names::get).collect(Collectors.toList());
    }

    public boolean hasKey() {
        return !key.isEmpty();
    }

    /** The columns that stand in the subject, or null if there are none. */
    public @Nullable SubjectColumns subject() {
        return subject;
    }

    /** Positions of the columns that the subject holds, in its order. */
    List<Integer> inSubject() {
        return subject == null ? Collections.emptyList() : subject.positions();
    }

    /** Positions of the columns that the payload holds. */
    public List<Integer> inPayload() {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < DataType.getFieldCount(physical); i++) {
            if (!inSubject().contains(i)) {
                positions.add(i);
            }
        }
        return positions;
    }

    /** The row that the payload holds. */
    public DataType payload() {
        if (subject == null) {
            return physical;
        }
        List<DataTypes.Field> fields = DataType.getFields(physical);
        return DataTypes.ROW(inPayload().stream().map(fields::get).collect(Collectors.toList()))
                .notNull();
    }

    /** Names of the key columns that only the payload holds. */
    List<String> keyInPayload() {
        List<String> names = DataType.getFieldNames(physical);
        return key.stream()
                .filter(position -> !inSubject().contains(position))
                .map(names::get)
                .collect(Collectors.toList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof TableColumns)) {
            return false;
        }
        TableColumns that = (TableColumns) other;
        return physical.equals(that.physical)
                && key.equals(that.key)
                && Objects.equals(subject, that.subject);
    }

    @Override
    public int hashCode() {
        return Objects.hash(physical, key, subject);
    }

    @Override
    public String toString() {
        return physical + ", key " + key + (subject == null ? "" : ", subject " + subject);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/** Which columns a table has and which of them a query reads. */
@Internal
public final class TableLayout implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Stands before the metadata keys of the format. */
    public static final String FORMAT_PREFIX = "value.";

    private final TableColumns columns;
    private final @Nullable ArrayList<List<Integer>> projection;
    private final ArrayList<String> metadataKeys;
    private final DataType produced;

    private TableLayout(
            TableColumns columns,
            @Nullable List<List<Integer>> projection,
            List<String> metadataKeys,
            DataType produced) {
        this.columns = columns;
        this.projection = projection == null ? null : new ArrayList<>(copy(projection));
        this.metadataKeys = new ArrayList<>(metadataKeys);
        this.produced = produced;
    }

    private static List<List<Integer>> copy(List<List<Integer>> paths) {
        return paths.stream().map(ArrayList::new).collect(Collectors.toList());
    }

    /** All physical columns and nothing else. */
    public static TableLayout of(TableColumns columns) {
        return new TableLayout(columns, null, Collections.emptyList(), columns.physical());
    }

    /**
     * Reads some columns only.
     *
     * @param paths of the columns, from the outermost row inwards
     * @param type the rows that result
     */
    public TableLayout withProjection(List<List<Integer>> paths, DataType type) {
        return new TableLayout(columns, paths, metadataKeys, type);
    }

    /**
     * Appends metadata.
     *
     * @param keys in the order of the columns; those of the format come first
     * @param type the rows that result
     */
    public TableLayout withMetadata(List<String> keys, DataType type) {
        return new TableLayout(columns, projection, keys, type);
    }

    /** All physical columns. */
    public TableColumns columns() {
        return columns;
    }

    /** Whether the table has a PRIMARY KEY. */
    public boolean hasKey() {
        return columns.hasKey();
    }

    /** Names of the key columns that only the payload holds. */
    public List<String> keyInPayload() {
        return columns.keyInPayload();
    }

    /** Types of the rows without metadata of the message. */
    public List<LogicalType> types() {
        List<DataType> all = DataType.getFieldDataTypes(produced);
        return all.subList(0, all.size() - metadata().size()).stream()
                .map(DataType::getLogicalType)
                .collect(Collectors.toList());
    }

    /** Paths of the physical columns that are read, or null for all of them. */
    public @Nullable List<List<Integer>> projection() {
        return projection == null ? null : Collections.unmodifiableList(projection);
    }

    /** Keys that the format serves, without their prefix. */
    public List<String> formatMetadata() {
        return metadataKeys.stream()
                .filter(name -> name.startsWith(FORMAT_PREFIX))
                .map(name -> name.substring(FORMAT_PREFIX.length()))
                .collect(Collectors.toList());
    }

    /** Metadata of the message. */
    public List<ReadableMetadata> metadata() {
        return metadataKeys.stream()
                .filter(name -> !name.startsWith(FORMAT_PREFIX))
                .map(TableLayout::known)
                .collect(Collectors.toList());
    }

    private static ReadableMetadata known(String key) {
        return Objects.requireNonNull(ReadableMetadata.of(key), key);
    }

    /** Names, in the rows that the source makes, of the columns that stand in the subject. */
    public List<String> subjectFields() {
        List<String> names = DataType.getFieldNames(produced);
        List<Integer> inSubject = columns.inSubject();
        List<List<Integer>> paths = projection;
        List<String> fields = new ArrayList<>();
        int count = paths == null ? DataType.getFieldCount(columns.physical()) : paths.size();
        for (int i = 0; i < count; i++) {
            boolean whole = paths == null || paths.get(i).size() == 1;
            if (whole && inSubject.contains(paths == null ? i : paths.get(i).get(0))) {
                fields.add(names.get(i));
            }
        }
        return fields;
    }

    /** Metadata of the message by its names in the rows that the source makes. */
    public Map<String, ReadableMetadata> metadataFields() {
        List<String> names = DataType.getFieldNames(produced);
        List<ReadableMetadata> metadata = metadata();
        Map<String, ReadableMetadata> fields = new TreeMap<>();
        for (int i = 0; i < metadata.size(); i++) {
            fields.put(names.get(names.size() - metadata.size() + i), metadata.get(i));
        }
        return fields;
    }

    /** Names of the physical columns that are read and may not be null, by position. */
    public Map<Integer, String> notNull() {
        int count =
                projection == null ? DataType.getFieldCount(columns.physical()) : projection.size();
        List<DataType> types = DataType.getFieldDataTypes(produced);
        List<String> names = DataType.getFieldNames(produced);
        Map<Integer, String> columns = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            if (!types.get(i).getLogicalType().isNullable()) {
                columns.put(i, names.get(i));
            }
        }
        return columns;
    }

    /** The rows that the source makes. */
    public DataType produced() {
        return produced;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof TableLayout)) {
            return false;
        }
        TableLayout that = (TableLayout) other;
        return columns.equals(that.columns)
                && Objects.equals(projection, that.projection)
                && metadataKeys.equals(that.metadataKeys)
                && produced.equals(that.produced);
    }

    @Override
    public int hashCode() {
        return Objects.hash(columns, projection, metadataKeys, produced);
    }

    @Override
    public String toString() {
        return produced.toString();
    }
}

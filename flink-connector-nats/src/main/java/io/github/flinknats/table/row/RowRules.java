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

/** What a message must hold to be a row, and what it means if it does not. */
@Internal
public final class RowRules implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final RowRules NONE =
            new RowRules(false, Collections.emptyList(), Collections.emptyMap(), false, false);

    private final boolean upsert;
    private final ArrayList<String> keyInPayload;
    private final LinkedHashMap<Integer, String> required;
    private final boolean valueExpected;
    private final boolean markersAreRows;

    private RowRules(
            boolean upsert,
            List<String> keyInPayload,
            Map<Integer, String> required,
            boolean valueExpected,
            boolean markersAreRows) {
        this.upsert = upsert;
        this.keyInPayload = new ArrayList<>(keyInPayload);
        this.required = new LinkedHashMap<>(required);
        this.valueExpected = valueExpected;
        this.markersAreRows = markersAreRows;
    }

    /** Whatever the format makes of a message. */
    public static RowRules none() {
        return NONE;
    }

    /**
     * Every row overwrites the row of its key, and a message without payload deletes it.
     *
     * @param keyColumnsInPayload names of the key columns that a message without payload lacks
     */
    public RowRules asUpsert(List<String> keyColumnsInPayload) {
        return new RowRules(true, keyColumnsInPayload, required, valueExpected, markersAreRows);
    }

    /**
     * A row without a value for one of these columns is a bad record.
     *
     * @param names of the columns, by their position in the row of the table
     */
    public RowRules withRequired(Map<Integer, String> names) {
        return new RowRules(upsert, keyInPayload, names, valueExpected, markersAreRows);
    }

    /** A message without a value, empty or {@code null}, is a bad record. */
    public RowRules expectingValues() {
        return new RowRules(upsert, keyInPayload, required, true, markersAreRows);
    }

    /** A marker of a deletion is a row without values in the columns of the payload. */
    public RowRules withMarkersAsRows() {
        return new RowRules(upsert, keyInPayload, required, valueExpected, true);
    }

    boolean isUpsert() {
        return upsert;
    }

    /** Names of the key columns that a message without payload lacks. */
    List<String> keyInPayload() {
        return Collections.unmodifiableList(keyInPayload);
    }

    /** Names of the columns that may not be null, by position. */
    Map<Integer, String> required() {
        return Collections.unmodifiableMap(required);
    }

    boolean isValueExpected() {
        return valueExpected;
    }

    boolean areMarkersRows() {
        return markersAreRows;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof RowRules)) {
            return false;
        }
        RowRules that = (RowRules) other;
        return upsert == that.upsert
                && keyInPayload.equals(that.keyInPayload)
                && required.equals(that.required)
                && valueExpected == that.valueExpected
                && markersAreRows == that.markersAreRows;
    }

    @Override
    public int hashCode() {
        return Objects.hash(upsert, keyInPayload, required, valueExpected, markersAreRows);
    }

    @Override
    public String toString() {
        return (upsert ? "upsert" : "rows")
                + (required.isEmpty() ? "" : ", not null " + required.values())
                + (valueExpected ? ", each a value" : "")
                + (markersAreRows ? ", markers too" : "");
    }
}

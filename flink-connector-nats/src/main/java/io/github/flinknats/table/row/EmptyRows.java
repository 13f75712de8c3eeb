// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of messages without payload: the columns of the subject and nothing else. A deletion
 * says which key is gone. Its other columns mean nothing, but one that is NOT NULL holds a zero:
 * Flink would fail on a NULL there, while it copies the row or, since 2.1, in a sink.
 */
@OwnedBy(ThreadRole.TASK)
final class EmptyRows {
    private final boolean deletes;
    private final Object[] values;
    private final int[] subjectAt;
    private final @Nullable String missing;

    EmptyRows(RowShape shape) {
        List<LogicalType> types = shape.types();
        List<Integer> columns = shape.columns();
        SubjectColumns subject = shape.subject();
        int inSubject = subject == null ? 0 : subject.types().size();
        Map<Integer, String> required = shape.rules().required();
        deletes = shape.rules().isUpsert();
        values = new Object[types.size()];
        subjectAt = new int[types.size()];
        String firstMissing = null;
        for (int i = 0; i < values.length; i++) {
            int column = columns == null ? Integer.MAX_VALUE : columns.get(i);
            subjectAt[i] = column < inSubject ? column : -1;
            if (subjectAt[i] < 0 && !types.get(i).isNullable()) {
                values[i] = zero(types.get(i));
                firstMissing = firstMissing == null ? required.get(i) : firstMissing;
            }
        }
        missing = firstMissing;
    }

    /**
     * The row of a message.
     *
     * @param subject the columns of the subject, null when the table has none there
     * @throws IOException if this is not a deletion and a column may not be NULL
     */
    RowData row(@Nullable RowData subject) throws IOException {
        if (!deletes && missing != null) {
            throw new IOException(
                    "The message marks a deletion, and the column '"
                            + missing
                            + "', for which it has no value, is NOT NULL.");
        }
        GenericRowData row =
                new GenericRowData(deletes ? RowKind.DELETE : RowKind.INSERT, values.length);
        for (int i = 0; i < values.length; i++) {
            int at = subjectAt[i];
            row.setField(
                    i,
                    at < 0 || subject == null
                            ? values[i]
                            : ((GenericRowData) subject).getField(at));
        }
        return row;
    }

    private static Object zero(LogicalType type) {
        switch (type.getTypeRoot()) {
            case CHAR:
            case VARCHAR:
                return StringData.fromString("");
            case BOOLEAN:
                return false;
            case BINARY:
            case VARBINARY:
                return new byte[0];
            case DECIMAL:
                DecimalType decimal = (DecimalType) type;
                return DecimalData.fromBigDecimal(
                        BigDecimal.ZERO, decimal.getPrecision(), decimal.getScale());
            case TINYINT:
                return (byte) 0;
            case SMALLINT:
                return (short) 0;
            case INTEGER:
            case DATE:
            case TIME_WITHOUT_TIME_ZONE:
            case INTERVAL_YEAR_MONTH:
                return 0;
            case BIGINT:
            case INTERVAL_DAY_TIME:
                return 0L;
            case FLOAT:
                return 0f;
            case DOUBLE:
                return 0d;
            case TIMESTAMP_WITHOUT_TIME_ZONE:
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
                return TimestampData.fromEpochMillis(0);
            case ARRAY:
                return new GenericArrayData(new Object[0]);
            case MAP:
            case MULTISET:
                return new GenericMapData(Collections.emptyMap());
            case ROW:
                List<LogicalType> fields = ((RowType) type).getChildren();
                GenericRowData row = new GenericRowData(fields.size());
                for (int i = 0; i < fields.size(); i++) {
                    row.setField(i, fields.get(i).isNullable() ? null : zero(fields.get(i)));
                }
                return row;
            default:
                throw new IllegalStateException("No zero of " + type.asSummaryString());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.record.NatsRecord;
import io.github.flinknats.record.NatsRecordDeserializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.table.data.utils.ProjectedRowData;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of a message: the payload as its format decodes it, then the metadata.
 *
 * <p>The rows of a message are kept until the format is done with it. So a message that cannot be
 * decoded yields no row at all, and an exception of the pipeline behind is not taken for one of the
 * format: Flink's JSON formats wrap or even swallow whatever is thrown while they emit.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class RowReader implements NatsRecordDeserializer<RowData> {
    private static final long serialVersionUID = 1L;
    private static final int MOST_BLANKS = 100;

    private final DeserializationSchema<RowData> format;
    private final RowShape shape;
    private final TypeInformation<RowData> type;
    private transient @Nullable DecodedRows decoded;
    private transient int @Nullable [] columns;
    private transient int @Nullable [] required;

    /**
     * A reader of one table.
     *
     * @param format decodes payloads
     * @param shape what becomes of a decoded row
     * @param type the rows of the table
     */
    public RowReader(
            DeserializationSchema<RowData> format, RowShape shape, TypeInformation<RowData> type) {
        this.format = format;
        this.shape = shape;
        this.type = type;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) throws Exception {
        format.open(context);
    }

    @Override
    public void deserialize(NatsRecord message, Collector<RowData> out) throws IOException {
        List<RowData> rows = decode(message).list;
        if (rows.isEmpty()) {
            if (shape.isValueExpected()) {
                checkValue(message.payload());
            }
            return;
        }
        RowData metadata = shape.metadata().isEmpty() ? null : metadata(message);
        for (int i = 0; i < rows.size(); i++) {
            rows.set(i, finished(rows.get(i), metadata)); // All of them, before one is emitted.
        }
        for (RowData row : rows) {
            out.collect(row);
        }
    }

    /** Formats make no row of a message without a value, and say nothing. */
    private static void checkValue(byte[] payload) throws IOException {
        if (payload.length == 0) {
            throw new IOException("The payload is empty.");
        }
        if (payload.length <= MOST_BLANKS) {
            String text = new String(payload, StandardCharsets.UTF_8).trim();
            if (text.isEmpty() || text.equals("null")) {
                throw new IOException("The payload '" + text + "' has no value.");
            }
        }
    }

    private DecodedRows decode(NatsRecord message) throws IOException {
        byte[] payload = message.payload();
        if (shape.isUpsert() && payload.length == 0) {
            throw new IOException(
                    "The payload is empty. In a table with a PRIMARY KEY that means a deletion,"
                            + " which is not supported yet.");
        }
        DecodedRows rows = decoded;
        if (rows == null) {
            rows = new DecodedRows();
            decoded = rows;
        }
        rows.list.clear();
        try {
            format.deserialize(payload, rows);
        } catch (RuntimeException e) {
            throw new IOException("The format failed on the payload: " + e, e);
        }
        return rows;
    }

    private GenericRowData metadata(NatsRecord message) {
        List<ReadableMetadata> fields = shape.metadata();
        GenericRowData row = new GenericRowData(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            row.setField(i, fields.get(i).read(message));
        }
        return row;
    }

    private RowData finished(RowData row, @Nullable RowData metadata) throws IOException {
        RowKind kind = shape.isUpsert() ? RowKind.UPDATE_AFTER : row.getRowKind();
        List<Integer> wanted = shape.columns();
        RowData kept = wanted == null ? row : projected(row, wanted);
        checkRequired(kept);
        if (metadata != null) {
            return new JoinedRowData(kind, kept, metadata);
        }
        kept.setRowKind(kind);
        return kept;
    }

    /** Flink trusts a column that is NOT NULL, and would take a missing value for a zero. */
    private void checkRequired(RowData row) throws IOException {
        int[] positions = required;
        if (positions == null) {
            positions = positions(shape.required().keySet());
            required = positions;
        }
        for (int position : positions) {
            if (row.isNullAt(position)) {
                throw new IOException(
                        "The column '"
                                + shape.required().get(position)
                                + "' is NOT NULL, and the message has no value for it.");
            }
        }
    }

    private static int[] positions(Collection<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private RowData projected(RowData row, List<Integer> wanted) {
        int[] indexes = columns;
        if (indexes == null) {
            indexes = positions(wanted);
            columns = indexes;
        }
        return ProjectedRowData.from(indexes).replaceRow(row);
    }

    @Override
    public TypeInformation<RowData> getProducedType() {
        return type;
    }

    /** Takes what the format emits; some formats emit null for a message they skip. */
    private static final class DecodedRows implements Collector<RowData> {
        private final ArrayList<RowData> list = new ArrayList<>();

        @Override
        public void collect(@Nullable RowData row) {
            if (row != null) {
                list.add(row);
            }
        }

        @Override
        public void close() {}
    }
}

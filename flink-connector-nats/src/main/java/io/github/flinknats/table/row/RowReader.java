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
 * Makes rows of a message: the payload as its format decodes it and the columns of the subject,
 * then the metadata.
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
    private transient @Nullable EmptyRows empty;
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
        RowData subject = subject(message);
        if (message.payload().length == 0 && isRowWithoutPayload(message)) {
            out.collect(withMetadata(emptyRows().row(subject), message));
            return;
        }
        List<RowData> rows = decode(message).list;
        if (rows.isEmpty()) {
            if (shape.rules().isValueExpected()) {
                checkValue(message.payload());
            }
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            rows.set(i, finished(rows.get(i), subject)); // All of them, before one is emitted.
        }
        for (RowData row : rows) {
            out.collect(withMetadata(row, message));
        }
    }

    private @Nullable RowData subject(NatsRecord message) throws IOException {
        SubjectColumns columns = shape.subject();
        if (columns == null) {
            return null;
        }
        try {
            return GenericRowData.of(columns.read(message.subject()));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private boolean isRowWithoutPayload(NatsRecord message) throws IOException {
        RowRules rules = shape.rules();
        if (!rules.isUpsert()) {
            return rules.areMarkersRows() && Operation.isMarker(message);
        }
        if (!rules.keyInPayload().isEmpty()) {
            throw new IOException(
                    "The payload is empty, which deletes the row of a key, but of the key only the"
                            + " payload holds "
                            + rules.keyInPayload()
                            + ": name the key's columns in 'nats.subject', as in"
                            + " 'orders.{id}', if subjects hold them.");
        }
        return true;
    }

    private EmptyRows emptyRows() {
        EmptyRows rows = empty;
        if (rows == null) {
            rows = new EmptyRows(shape);
            empty = rows;
        }
        return rows;
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
        DecodedRows rows = decoded;
        if (rows == null) {
            rows = new DecodedRows();
            decoded = rows;
        }
        rows.list.clear();
        try {
            format.deserialize(payload, rows);
        } catch (RuntimeException | StackOverflowError e) { // The latter of deeply nested values.
            throw new IOException("The format failed on the payload: " + e, e);
        }
        return rows;
    }

    private RowData withMetadata(RowData row, NatsRecord message) {
        List<ReadableMetadata> fields = shape.metadata();
        if (fields.isEmpty()) {
            return row;
        }
        GenericRowData metadata = new GenericRowData(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            metadata.setField(i, fields.get(i).read(message));
        }
        return new JoinedRowData(row.getRowKind(), row, metadata);
    }

    private RowData finished(RowData row, @Nullable RowData subject) throws IOException {
        RowKind kind = shape.rules().isUpsert() ? RowKind.UPDATE_AFTER : row.getRowKind();
        List<Integer> wanted = shape.columns();
        RowData all = subject == null ? row : new JoinedRowData(subject, row);
        RowData kept = wanted == null ? all : projected(all, wanted);
        checkRequired(kept);
        kept.setRowKind(kind);
        return kept;
    }

    /** Flink trusts a column that is NOT NULL, and would take a missing value for a zero. */
    private void checkRequired(RowData row) throws IOException {
        int[] positions = required;
        if (positions == null) {
            positions = positions(shape.rules().required().keySet());
            required = positions;
        }
        for (int position : positions) {
            if (row.isNullAt(position)) {
                throw new IOException(
                        "The column '"
                                + shape.rules().required().get(position)
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

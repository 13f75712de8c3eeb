// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.record.Headers;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.record.OutgoingRecord;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.ProjectedRowData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Makes a message of a row: the physical columns come first, then the metadata. A deletion has no
 * payload; in a bucket of a key-value store it says so in a header.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class RowWriter implements NatsRecordSerializer<RowData> {
    private static final long serialVersionUID = 1L;
    private static final byte[] NOTHING = {};
    private static final String BUCKETS = "$KV.";
    private static final String OPERATION = "KV-Operation";

    private final SerializationSchema<RowData> format;
    private final WriteShape shape;
    private final int physicalColumns;
    private transient @Nullable ProjectedRowData payload;

    /**
     * A writer to one table.
     *
     * @param format encodes the columns of the payload
     * @param physicalColumns how many columns stand before the metadata
     */
    public RowWriter(SerializationSchema<RowData> format, WriteShape shape, int physicalColumns) {
        this.format = format;
        this.shape = shape;
        this.physicalColumns = physicalColumns;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        format.open(context);
    }

    @Override
    public @Nullable OutgoingRecord serialize(RowData row) throws IOException {
        RowKind kind = row.getRowKind();
        boolean replaced = shape.isUpsert() && kind == RowKind.UPDATE_BEFORE;
        if (replaced && !shape.mayMove()) {
            return null;
        }
        boolean deletes = replaced || (shape.isUpsert() && kind == RowKind.DELETE);
        try {
            String subject = subject(row);
            OutgoingRecord record =
                    OutgoingRecord.of(subject, deletes ? NOTHING : payload(row, kind));
            List<WritableMetadata> metadata = shape.metadata();
            for (int i = 0; i < metadata.size(); i++) {
                if (!row.isNullAt(physicalColumns + i)) {
                    record = metadata.get(i).write(record, row, physicalColumns + i);
                }
            }
            return deletes && subject.startsWith(BUCKETS) ? withMarker(record) : record;
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "The row" + shape.key().describe(row) + " does not fit: " + e.getMessage(), e);
        }
    }

    private String subject(RowData row) {
        int position = physicalColumns + shape.metadata().indexOf(WritableMetadata.SUBJECT);
        SubjectTarget target = shape.subject();
        if (position >= physicalColumns && !row.isNullAt(position)) {
            return row.getString(position).toString();
        }
        if (target == null) {
            throw new IllegalArgumentException(
                    "The metadata column of the subject is NULL, and the table has no subject of"
                            + " its own: set 'sink.subject'.");
        }
        return target.of(row);
    }

    private byte[] payload(RowData row, RowKind kind) {
        ProjectedRowData projected = payload;
        if (projected == null) {
            projected =
                    ProjectedRowData.from(
                            shape.payload().stream().mapToInt(Integer::intValue).toArray());
            payload = projected;
        }
        projected.replaceRow(row);
        byte[] encoded;
        if (shape.isUpsert()) {
            // Formats of inserts want an insert; the row belongs to somebody else.
            row.setRowKind(RowKind.INSERT);
            encoded = encode(projected);
            row.setRowKind(kind);
        } else {
            encoded = encode(projected);
        }
        if (shape.isUpsert() && encoded.length == 0) {
            throw new IllegalArgumentException(
                    "The format makes an empty payload of it, which would mean a deletion.");
        }
        return encoded;
    }

    private byte[] encode(RowData row) {
        byte @Nullable [] encoded;
        try {
            encoded = format.serialize(row);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("The format cannot encode it: " + e, e);
        }
        return encoded == null ? NOTHING : encoded;
    }

    private static OutgoingRecord withMarker(OutgoingRecord record) {
        Map<String, List<String>> headers = new LinkedHashMap<>(record.headers().asMap());
        headers.put(OPERATION, Collections.singletonList("DEL"));
        return record.withHeaders(Headers.of(headers));
    }
}

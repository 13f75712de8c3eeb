// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.record.Headers;
import io.github.flinknats.record.OutgoingRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * What a table can write into a message besides its payload: one constant per metadata key. NULL
 * leaves it out.
 */
@Internal
@SuppressWarnings("ImmutableEnumChecker") // data types are immutable
public enum WritableMetadata {
    /** The subject of the message. */
    SUBJECT("subject", DataTypes.STRING()) {
        @Override
        OutgoingRecord write(OutgoingRecord record, RowData row, int position) {
            return record; // It was chosen before.
        }
    },

    /** All its headers. */
    HEADERS("headers", DataTypes.MAP(DataTypes.STRING(), DataTypes.ARRAY(DataTypes.STRING()))) {
        @Override
        OutgoingRecord write(OutgoingRecord record, RowData row, int position) {
            return record.withHeaders(headers(row.getMap(position)));
        }
    },

    /** Its id for de-duplication. */
    MESSAGE_ID("msg-id", DataTypes.STRING()) {
        @Override
        OutgoingRecord write(OutgoingRecord record, RowData row, int position) {
            return record.withMessageId(row.getString(position).toString());
        }
    },

    /** How long the stream keeps it. */
    TIME_TO_LIVE("ttl", DataTypes.INTERVAL(DataTypes.SECOND(3))) {
        @Override
        OutgoingRecord write(OutgoingRecord record, RowData row, int position) {
            return record.withTimeToLive(Duration.ofMillis(row.getLong(position)));
        }
    };

    private final String key;
    private final DataType type;

    WritableMetadata(String key, DataType type) {
        this.key = key;
        this.type = type;
    }

    /** The metadata with the key, or null. */
    public static @Nullable WritableMetadata of(String key) {
        for (WritableMetadata metadata : values()) {
            if (metadata.key.equals(key)) {
                return metadata;
            }
        }
        return null;
    }

    /** As in {@code METADATA FROM 'key'}. */
    public String key() {
        return key;
    }

    public DataType type() {
        return type;
    }

    /** The record with the value that the row has at the position, where it is not NULL. */
    abstract OutgoingRecord write(OutgoingRecord record, RowData row, int position);

    private static Headers headers(MapData map) {
        ArrayData names = map.keyArray();
        ArrayData lists = map.valueArray();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.isNullAt(i)) {
                throw new IllegalArgumentException("A header has NULL for a name.");
            }
            String name = names.getString(i).toString();
            headers.put(name, lists.isNullAt(i) ? new ArrayList<>() : texts(name, lists, i));
        }
        return Headers.of(headers);
    }

    private static List<String> texts(String name, ArrayData lists, int position) {
        ArrayData list = lists.getArray(position);
        List<String> texts = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            if (list.isNullAt(i)) {
                throw new IllegalArgumentException("A value of the header '" + name + "' is NULL.");
            }
            texts.add(list.getString(i).toString());
        }
        return texts;
    }
}

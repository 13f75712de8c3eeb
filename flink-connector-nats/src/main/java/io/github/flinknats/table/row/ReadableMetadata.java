// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.record.NatsRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;

/** What a table can read of a message besides its payload: one constant per metadata key. */
@Internal
@SuppressWarnings("ImmutableEnumChecker") // data types are immutable, the functions capture nothing
public enum ReadableMetadata {
    /** The subject under which the message is stored. */
    SUBJECT(
            "subject",
            DataTypes.STRING().notNull(),
            message -> StringData.fromString(message.subject())),

    /** The stream that stores it. */
    STREAM(
            "stream",
            DataTypes.STRING().notNull(),
            message -> StringData.fromString(message.stream())),

    /** Its sequence in the stream. */
    SEQUENCE("sequence", DataTypes.BIGINT().notNull(), NatsRecord::sequence),

    /** When the server stored it. */
    TIMESTAMP(
            "timestamp",
            DataTypes.TIMESTAMP_LTZ(9).notNull(),
            message -> TimestampData.fromInstant(message.timestamp())),

    /** All its headers; an empty map when it has none. */
    HEADERS(
            "headers",
            DataTypes.MAP(DataTypes.STRING(), DataTypes.ARRAY(DataTypes.STRING())).notNull(),
            message -> headers(message.headers().asMap())),

    /** Its id for de-duplication, NULL when it has none. */
    MESSAGE_ID("msg-id", DataTypes.STRING(), message -> StringData.fromString(message.messageId())),

    /** What it does to the value of its subject: PUT, DEL or PURGE. */
    OPERATION(
            "operation",
            DataTypes.STRING(),
            message -> StringData.fromString(Operation.of(message).name()));

    private final String key;
    private final DataType type;
    private final Function<NatsRecord, @Nullable Object> value;

    ReadableMetadata(String key, DataType type, Function<NatsRecord, @Nullable Object> value) {
        this.key = key;
        this.type = type;
        this.value = value;
    }

    private static MapData headers(Map<String, List<String>> headers) {
        Map<StringData, GenericArrayData> converted = new HashMap<>();
        headers.forEach(
                (name, values) ->
                        converted.put(
                                StringData.fromString(name),
                                new GenericArrayData(
                                        values.stream().map(StringData::fromString).toArray())));
        return new GenericMapData(converted);
    }

    /** The metadata with the key, or null. */
    public static @Nullable ReadableMetadata of(String key) {
        for (ReadableMetadata metadata : values()) {
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

    /** The message's value, in Flink's internal form. */
    @Nullable Object read(NatsRecord message) {
        return value.apply(message);
    }
}

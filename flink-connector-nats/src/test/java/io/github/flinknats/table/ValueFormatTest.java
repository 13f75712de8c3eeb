// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static io.github.flinknats.table.row.TestFormats.CONTEXT;
import static io.github.flinknats.table.row.TestFormats.format;
import static org.apache.flink.table.api.DataTypes.ARRAY;
import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.FIELD;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.ROW;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.table.row.TableColumns;
import io.github.flinknats.table.row.TableLayout;
import io.github.flinknats.table.row.TestFormats;
import io.github.flinknats.table.row.TestRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.formats.avro.AvroRowDataSerializationSchema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueFormatTest {
    private static final DataType FLAT =
            ROW(FIELD("id", INT()), FIELD("name", STRING()), FIELD("n", BIGINT()));

    @Test
    void makesInsertsOfAKeyUpserts() {
        ValueFormat json = valueFormat("json");

        assertThat(json.changelogMode(false)).isEqualTo(ChangelogMode.insertOnly());
        assertThat(json.changelogMode(true)).isSameAs(ChangelogMode.upsert());
    }

    @Test
    void leavesAChangelogAsItIs() {
        ValueFormat debezium = valueFormat("debezium-json");

        assertThat(debezium.changelogMode(false)).isEqualTo(ChangelogMode.all());
        assertThat(debezium.changelogMode(true)).isEqualTo(ChangelogMode.all());
    }

    @Test
    void demandsAKeyForUpdatesWithoutTheirPast() {
        ValueFormat upserts = new ValueFormat("mine", UpsertFormat::new);

        assertThatThrownBy(() -> upserts.check(false))
                .hasMessage(
                        "The format 'mine' emits updates without the rows they replace: declare the"
                                + " columns that identify a row as PRIMARY KEY (...) NOT ENFORCED.");
        assertThatCode(() -> upserts.check(true)).doesNotThrowAnyException();
        assertThat(upserts.changelogMode(true)).isEqualTo(ChangelogMode.upsert());
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv", "avro"})
    void readsSomeColumnsOnly(String identifier) throws Exception {
        TestRecord[] messages = {
            message(identifier, 1, "a", 10L),
            message(identifier, 2, "b", 20L),
            message(identifier, 3, "c", 30L)
        };

        assertThat(project(identifier, messages, 2, 0))
                .containsExactly(Row.of(10L, 1), Row.of(20L, 2), Row.of(30L, 3));
        assertThat(project(identifier, messages, 1))
                .containsExactly(Row.of("a"), Row.of("b"), Row.of("c"));
        assertThat(project(identifier, messages)).containsExactly(Row.of(), Row.of(), Row.of());
        assertThat(project(identifier, messages, 0, 1, 2))
                .containsExactly(Row.of(1, "a", 10L), Row.of(2, "b", 20L), Row.of(3, "c", 30L));
    }

    private static List<Row> project(String identifier, TestRecord[] messages, int... columns)
            throws Exception {
        DataType produced = Projection.of(columns).project(FLAT);
        TableLayout layout =
                TableLayout.of(TableColumns.of(FLAT))
                        .withProjection(
                                Arrays.stream(columns)
                                        .mapToObj(Collections::singletonList)
                                        .collect(Collectors.toList()),
                                produced);
        return TestFormats.read(
                valueFormat(identifier).reader(CONTEXT, layout), produced, messages);
    }

    private static TestRecord message(String identifier, int id, String name, long n) {
        switch (identifier) {
            case "json":
                return TestRecord.of(
                        String.format("{\"id\":%d,\"name\":\"%s\",\"n\":%d}", id, name, n));
            case "csv":
                return TestRecord.of(id + "," + name + "," + n);
            default:
                AvroRowDataSerializationSchema avro =
                        new AvroRowDataSerializationSchema((RowType) FLAT.getLogicalType());
                try {
                    avro.open(null);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return TestRecord.of(
                        avro.serialize(GenericRowData.of(id, StringData.fromString(name), n)));
        }
    }

    @Test
    void readsNestedColumns() throws Exception {
        DataType physical =
                ROW(
                        FIELD("id", INT()),
                        FIELD(
                                "who",
                                ROW(
                                        FIELD("name", STRING()),
                                        FIELD("at", ROW(FIELD("city", STRING()))),
                                        FIELD("tags", ARRAY(STRING())))));
        DataType produced =
                ROW(
                        FIELD("who_at_city", STRING()),
                        FIELD("id", INT()),
                        FIELD("who_tags", ARRAY(STRING())));
        ValueFormat json = valueFormat("json");
        TableLayout layout =
                TableLayout.of(TableColumns.of(physical))
                        .withProjection(
                                Arrays.asList(
                                        Arrays.asList(1, 1, 0), List.of(0), Arrays.asList(1, 2)),
                                produced);

        assertThat(json.supportsNestedProjection()).isTrue();
        assertThat(
                        TestFormats.read(
                                json.reader(CONTEXT, layout),
                                produced,
                                TestRecord.of(
                                        "{\"id\":1,\"who\":{\"name\":\"a\",\"at\":{\"city\":\"x\"},"
                                                + "\"tags\":[\"t\"]}}"),
                                TestRecord.of("{\"id\":2,\"who\":{\"at\":null}}"),
                                TestRecord.of("{\"who\":null,\"id\":3}")))
                .containsExactly(
                        Row.of("x", 1, new String[] {"t"}),
                        Row.of(null, 2, null),
                        Row.of(null, 3, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "avro", "raw"})
    void projectsOnlyColumnsOfFormatsWithoutNesting(String identifier) {
        assertThat(valueFormat(identifier).supportsNestedProjection()).isFalse();
    }

    @Test
    void readsSomeColumnsOfAChangelogAndItsMetadata() throws Exception {
        ValueFormat debezium = valueFormat("debezium-json");
        DataType produced =
                ROW(
                        FIELD("name", STRING()),
                        FIELD("value.ingestion-timestamp", TIMESTAMP_LTZ(3)),
                        FIELD("subject", STRING().notNull()));
        TableLayout layout =
                TableLayout.of(TableColumns.of(FLAT))
                        .withProjection(List.of(List.of(1)), produced)
                        .withMetadata(
                                Arrays.asList("value.ingestion-timestamp", "subject"), produced);
        String update =
                "{\"before\":{\"id\":1,\"name\":\"a\"},\"after\":{\"id\":1,\"name\":\"b\"},"
                        + "\"op\":\"u\",\"ts_ms\":1500}";

        assertThat(debezium.metadata()).containsKey("value.ingestion-timestamp");
        assertThat(
                        TestFormats.read(
                                debezium.reader(CONTEXT, layout), produced, TestRecord.of(update)))
                .containsExactly(
                        Row.ofKind(
                                RowKind.UPDATE_BEFORE,
                                "a",
                                Instant.ofEpochMilli(1500),
                                "orders.new"),
                        Row.ofKind(
                                RowKind.UPDATE_AFTER,
                                "b",
                                Instant.ofEpochMilli(1500),
                                "orders.new"));
    }

    /** A decoder must not see what was applied for another query. */
    @Test
    void startsEveryDecoderAfresh() throws Exception {
        ValueFormat debezium = valueFormat("debezium-json");
        DataType withMetadata =
                ROW(
                        FIELD("id", INT()),
                        FIELD("name", STRING()),
                        FIELD("n", BIGINT()),
                        FIELD("op", TIMESTAMP_LTZ(3)));
        TableLayout plain = TableLayout.of(TableColumns.of(FLAT));
        debezium.reader(
                CONTEXT, plain.withMetadata(List.of("value.ingestion-timestamp"), withMetadata));
        String insert = "{\"before\":null,\"after\":{\"id\":1,\"name\":\"b\"},\"op\":\"c\"}";

        assertThat(TestFormats.read(debezium.reader(CONTEXT, plain), FLAT, TestRecord.of(insert)))
                .containsExactly(Row.of(1, "b", null));
    }

    @Test
    void readsMetadataOfAFormatThatProjectsNothing() throws Exception {
        ValueFormat format = new ValueFormat("mine", WithMetadata::new);
        DataType produced =
                ROW(
                        FIELD("b", STRING()),
                        FIELD("length", INT()),
                        FIELD("sequence", BIGINT().notNull()));
        TableLayout layout =
                TableLayout.of(
                                TableColumns.of(ROW(FIELD("a", STRING()), FIELD("b", STRING())))
                                        .withKey(Collections.singletonList(0)))
                        .withProjection(List.of(List.of(1)), produced)
                        .withMetadata(List.of("value.length", "sequence"), produced);

        assertThat(format.metadata().keySet()).containsExactly("value.length");
        assertThat(TestFormats.read(format.reader(CONTEXT, layout), produced, TestRecord.of("xyz")))
                .containsExactly(Row.ofKind(RowKind.UPDATE_AFTER, "xyz", 3, 42L));
    }

    private static ValueFormat valueFormat(String identifier) {
        return new ValueFormat(identifier, () -> format(identifier));
    }

    /** Emits upserts by itself. */
    private static final class UpsertFormat
            implements DecodingFormat<DeserializationSchema<RowData>> {
        @Override
        public DeserializationSchema<RowData> createRuntimeDecoder(
                DynamicTableSource.Context context, DataType type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return ChangelogMode.upsert();
        }
    }

    /** The payload in every column, and its length as metadata when that is asked for. */
    private static final class WithMetadata
            implements DecodingFormat<DeserializationSchema<RowData>> {
        private List<String> keys = Collections.emptyList();

        @Override
        public Map<String, DataType> listReadableMetadata() {
            return Collections.singletonMap("length", INT());
        }

        @Override
        public void applyReadableMetadata(List<String> metadataKeys) {
            keys = metadataKeys;
        }

        @Override
        public DeserializationSchema<RowData> createRuntimeDecoder(
                DynamicTableSource.Context context, DataType type) {
            int columns = DataType.getFieldCount(type);
            boolean length = keys.contains("length");
            return new AbstractDeserializationSchema<>(RowData.class) {
                @Override
                public RowData deserialize(byte[] payload) {
                    Object text =
                            StringData.fromString(new String(payload, StandardCharsets.UTF_8));
                    Stream<Object> fields = Collections.nCopies(columns, text).stream();
                    return GenericRowData.of(
                            (length ? Stream.concat(fields, Stream.of(payload.length)) : fields)
                                    .toArray());
                }
            };
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return ChangelogMode.insertOnly();
        }
    }
}

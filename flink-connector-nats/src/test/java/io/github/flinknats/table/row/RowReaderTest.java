// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import static io.github.flinknats.table.row.TestFormats.CONTEXT;
import static io.github.flinknats.table.row.TestFormats.format;
import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.FIELD;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.ROW;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.record.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.testutils.source.deserialization.TestingDeserializationContext;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class RowReaderTest {
    private static final RowShape AS_DECODED =
            RowShape.asDecoded(Arrays.asList(new IntType(), VarCharType.STRING_TYPE));
    private static final DataType TYPE = ROW(FIELD("id", INT()), FIELD("name", STRING()));

    @Test
    void passesRowsOnAsTheyWereDecoded() throws Exception {
        assertThat(
                        read(
                                "json",
                                AS_DECODED,
                                TestRecord.of("{\"id\":1,\"name\":\"a\"}"),
                                TestRecord.of("{\"id\":2}")))
                .containsExactly(
                        Row.ofKind(RowKind.INSERT, 1, "a"), Row.ofKind(RowKind.INSERT, 2, null));
    }

    @Test
    void readsCsv() throws Exception {
        assertThat(read("csv", AS_DECODED, TestRecord.of("1,a"))).containsExactly(Row.of(1, "a"));
    }

    @Test
    void readsRawPayloads() throws Exception {
        DataType type = ROW(FIELD("line", STRING()));

        assertThat(
                        TestFormats.read(
                                reader(format("raw"), type, AS_DECODED),
                                type,
                                TestRecord.of("any text"),
                                TestRecord.of("")))
                .containsExactly(Row.of("any text"), Row.of(""));
    }

    @Test
    void appendsMetadata() throws Exception {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Nats-Msg-Id", Collections.singletonList("m-1"));
        headers.put("x", Arrays.asList("1", "2"));
        DataType type =
                ROW(
                        FIELD("id", INT()),
                        FIELD("name", STRING()),
                        FIELD("subject", ReadableMetadata.SUBJECT.type()),
                        FIELD("stream", ReadableMetadata.STREAM.type()),
                        FIELD("sequence", ReadableMetadata.SEQUENCE.type()),
                        FIELD("timestamp", ReadableMetadata.TIMESTAMP.type()),
                        FIELD("headers", ReadableMetadata.HEADERS.type()),
                        FIELD("msg-id", ReadableMetadata.MESSAGE_ID.type()));
        RowReader reader =
                reader(
                        format("json"),
                        TYPE,
                        AS_DECODED.withMetadata(Arrays.asList(ReadableMetadata.values())));

        Map<String, String[]> expected = new LinkedHashMap<>();
        expected.put("Nats-Msg-Id", new String[] {"m-1"});
        expected.put("x", new String[] {"1", "2"});
        TestRecord message = TestRecord.of("{\"id\":1}").with(Headers.of(headers));
        assertThat(TestFormats.read(reader, type, message))
                .containsExactly(
                        Row.of(
                                1,
                                null,
                                "orders.new",
                                "ORDERS",
                                42L,
                                message.timestamp(),
                                expected,
                                "m-1"));
        assertThat(TestFormats.read(reader, type, TestRecord.of("{\"id\":1}")))
                .containsExactly(
                        Row.of(
                                1,
                                null,
                                "orders.new",
                                "ORDERS",
                                42L,
                                message.timestamp(),
                                Collections.emptyMap(),
                                null));
    }

    @Test
    void marksRowsOfAKeyAsUpdates() throws Exception {
        RowShape shape =
                AS_DECODED.withRules(RowRules.none().asUpsert(Collections.singletonList("id")));

        assertThat(read("json", shape, TestRecord.of("{\"id\":1}")))
                .containsExactly(Row.ofKind(RowKind.UPDATE_AFTER, 1, null));
        DataType type =
                ROW(
                        FIELD("id", INT()),
                        FIELD("name", STRING()),
                        FIELD("sequence", BIGINT().notNull()));
        assertThat(
                        TestFormats.read(
                                reader(
                                        format("json"),
                                        TYPE,
                                        shape.withMetadata(
                                                Collections.singletonList(
                                                        ReadableMetadata.SEQUENCE))),
                                type,
                                TestRecord.of("{\"id\":1}")))
                .containsExactly(Row.ofKind(RowKind.UPDATE_AFTER, 1, null, 42L));
    }

    @Test
    void refusesAnEmptyPayloadOfAKey() {
        assertThatThrownBy(
                        () ->
                                read(
                                        "json",
                                        AS_DECODED.withRules(
                                                RowRules.none()
                                                        .asUpsert(Collections.singletonList("id"))),
                                        TestRecord.of("")))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "The payload is empty, which deletes the row of a key, but of the key only"
                                + " the payload holds [id]: name the key's columns in"
                                + " 'nats.subject', as in 'orders.{id}', if subjects hold them.");
    }

    @Test
    void refusesAMessageWithoutAValueWhereOneIsExpected() throws Exception {
        RowShape shape = AS_DECODED.withRules(RowRules.none().expectingValues());
        RowReader silent =
                new RowReader(
                        new Scripted((payload, out) -> {}),
                        shape,
                        TypeInformation.of(RowData.class));
        Map<String, String> problems = new LinkedHashMap<>();
        problems.put("", "The payload is empty.");
        problems.put(" \n", "The payload '' has no value.");
        problems.put("null", "The payload 'null' has no value.");
        problems.put(" null ", "The payload 'null' has no value.");
        problems.forEach(
                (payload, problem) -> {
                    assertThatThrownBy(() -> TestFormats.read(silent, TYPE, TestRecord.of(payload)))
                            .isInstanceOf(IOException.class)
                            .hasMessage(problem);
                    assertThatThrownBy(() -> read("json", shape, TestRecord.of(payload)))
                            .isInstanceOf(IOException.class);
                });
        assertThat(TestFormats.read(silent, TYPE, TestRecord.of("something"))).isEmpty();
        assertThat(read("json", shape, TestRecord.of("{}"))).containsExactly(Row.of(null, null));
        assertThat(
                        TestFormats.read(
                                reader(format("raw"), ROW(FIELD("line", STRING())), shape),
                                ROW(FIELD("line", STRING())),
                                TestRecord.of("")))
                .containsExactly(Row.of(""));
    }

    @Test
    void refusesAMissingValueOfARequiredColumn() throws Exception {
        RowShape shape =
                AS_DECODED
                        .withColumns(Arrays.asList(1, 0))
                        .withRules(RowRules.none().withRequired(Collections.singletonMap(1, "id")));
        DataType type = ROW(FIELD("name", STRING()), FIELD("id", INT()));
        RowReader reader = reader(format("json"), TYPE, shape);

        assertThat(TestFormats.read(reader, type, TestRecord.of("{\"id\":1}")))
                .containsExactly(Row.of(null, 1));
        assertThatThrownBy(() -> TestFormats.read(reader, type, TestRecord.of("{\"name\":\"a\"}")))
                .isInstanceOf(IOException.class)
                .hasMessage("The column 'id' is NOT NULL, and the message has no value for it.");
        RowReader two =
                new RowReader(
                        new Scripted(
                                (payload, out) -> {
                                    out.accept(GenericRowData.of(1, null));
                                    out.accept(GenericRowData.of(null, null));
                                }),
                        shape,
                        TypeInformation.of(RowData.class));
        List<RowData> rows = new ArrayList<>();
        assertThatThrownBy(
                        () -> two.deserialize(TestRecord.of("x"), TestFormats.collector(rows::add)))
                .isInstanceOf(IOException.class);
        assertThat(rows).as("of a message either all rows or none").isEmpty();
    }

    /** {@code -Drandom.payloads=10000000} tries more of them. */
    @Test
    void survivesAnyPayloadAndLosesNothingElse() throws Exception {
        int payloads = Integer.getInteger("random.payloads", 1_000_000);
        Random random = new Random(11);
        for (String identifier : Arrays.asList("json", "csv")) {
            RowReader reader =
                    reader(
                            format(identifier),
                            TYPE,
                            AS_DECODED.withRules(RowRules.none().expectingValues()));
            reader.open(new TestingDeserializationContext());
            List<Integer> good = new ArrayList<>();
            List<Integer> read = new ArrayList<>();
            int bad = 0;
            for (int i = 0; i < payloads / 2; i++) {
                byte[] payload = new byte[random.nextInt(24)];
                random.nextBytes(payload);
                try {
                    reader.deserialize(TestRecord.of(payload), TestFormats.collector(row -> {}));
                } catch (IOException expected) {
                    bad++;
                }
                if (i % 100 == 0) {
                    good.add(i);
                    reader.deserialize(
                            TestRecord.of(
                                    identifier.equals("json") ? "{\"id\":" + i + "}" : i + ",a"),
                            TestFormats.collector(row -> read.add(row.getInt(0))));
                }
            }
            assertThat(bad).as(identifier).isPositive();
            assertThat(read).as(identifier).isEqualTo(good);
        }
    }

    @Test
    void keepsTheKindsOfAChangelog() throws Exception {
        String update =
                "{\"before\":{\"id\":1,\"name\":\"a\"},\"after\":{\"id\":1,\"name\":\"b\"},"
                        + "\"op\":\"u\"}";
        DataType type =
                ROW(
                        FIELD("id", INT()),
                        FIELD("name", STRING()),
                        FIELD("sequence", BIGINT().notNull()));
        RowReader reader =
                reader(
                        format("debezium-json"),
                        TYPE,
                        AS_DECODED.withMetadata(
                                Collections.singletonList(ReadableMetadata.SEQUENCE)));

        assertThat(TestFormats.read(reader, type, TestRecord.of(update), TestRecord.of("")))
                .containsExactly(
                        Row.ofKind(RowKind.UPDATE_BEFORE, 1, "a", 42L),
                        Row.ofKind(RowKind.UPDATE_AFTER, 1, "b", 42L));
    }

    @Test
    void dropsColumnsAfterDecoding() throws Exception {
        DataType type = ROW(FIELD("name", STRING()), FIELD("sequence", BIGINT().notNull()));
        RowShape shape =
                AS_DECODED
                        .withColumns(Collections.singletonList(1))
                        .withMetadata(Collections.singletonList(ReadableMetadata.SEQUENCE));

        assertThat(TestFormats.read(reader(format("csv"), TYPE, shape), type, TestRecord.of("1,a")))
                .containsExactly(Row.of("a", 42L));
        assertThat(
                        TestFormats.read(
                                reader(
                                        format("csv"),
                                        TYPE,
                                        AS_DECODED.withColumns(Collections.emptyList())),
                                ROW(),
                                TestRecord.of("1,a"),
                                TestRecord.of("2,b")))
                .containsExactly(Row.of(), Row.of());
    }

    @Test
    void skipsWhatTheFormatSkips() throws Exception {
        RowReader reader = reader(format("json", "ignore-parse-errors=true"), TYPE, AS_DECODED);

        assertThat(
                        TestFormats.read(
                                reader,
                                TYPE,
                                TestRecord.of("{\"id\":1}"),
                                TestRecord.of("no json"),
                                TestRecord.of("{\"id\":2}")))
                .containsExactly(Row.of(1, null), Row.of(2, null));
    }

    @Test
    @SuppressWarnings("NullAway") // what some formats do
    void skipsNullRows() throws Exception {
        RowReader reader =
                new RowReader(
                        new Scripted((payload, out) -> out.accept(null)),
                        AS_DECODED.withMetadata(Arrays.asList(ReadableMetadata.values())),
                        TypeInformation.of(RowData.class));

        assertThat(TestFormats.read(reader, TYPE, TestRecord.of("x"))).isEmpty();
    }

    @Test
    void saysWhyTheFormatFailed() {
        assertThatThrownBy(() -> read("json", AS_DECODED, TestRecord.of("{\"id\":\"x\"}")))
                .isInstanceOf(IOException.class)
                .hasMessage("Failed to deserialize JSON '{\"id\":\"x\"}'.");
        RowReader broken =
                new RowReader(
                        new Scripted(
                                (payload, out) -> {
                                    throw new IllegalStateException("no schema");
                                }),
                        AS_DECODED,
                        TypeInformation.of(RowData.class));
        assertThatThrownBy(() -> TestFormats.read(broken, TYPE, TestRecord.of("x")))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "The format failed on the payload: java.lang.IllegalStateException: no"
                                + " schema");
    }

    @Test
    void emitsAllRowsOfAMessageOrNone() throws Exception {
        RowReader reader =
                new RowReader(
                        new Scripted(
                                (payload, out) -> {
                                    out.accept(GenericRowData.of(1, null));
                                    out.accept(GenericRowData.of(2, null));
                                    if (payload.length > 1) {
                                        throw new IOException("third row");
                                    }
                                }),
                        AS_DECODED,
                        TypeInformation.of(RowData.class));

        ArrayList<RowData> rows = new ArrayList<>();
        assertThatThrownBy(
                        () ->
                                reader.deserialize(
                                        TestRecord.of("xx"), TestFormats.collector(rows::add)))
                .hasMessage("third row");
        assertThat(rows).isEmpty();
        reader.deserialize(TestRecord.of("x"), TestFormats.collector(rows::add));
        assertThat(rows).containsExactly(GenericRowData.of(1, null), GenericRowData.of(2, null));
    }

    /** Flink's JSON formats catch everything that is thrown while they emit. */
    @Test
    void leavesFailuresDownstreamAsTheyAre() throws Exception {
        RowReader reader = reader(format("json", "ignore-parse-errors=true"), TYPE, AS_DECODED);
        reader.open(new TestingDeserializationContext());

        assertThatThrownBy(
                        () ->
                                reader.deserialize(
                                        TestRecord.of("{\"id\":1}"),
                                        TestFormats.collector(
                                                row -> {
                                                    throw new IllegalStateException("downstream");
                                                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("downstream");
    }

    @Test
    void travelsToTheTask() throws Exception {
        RowReader reader =
                InstantiationUtil.clone(
                        reader(
                                format("json"),
                                TYPE,
                                AS_DECODED.withMetadata(Arrays.asList(ReadableMetadata.SEQUENCE))));

        assertThat(
                        TestFormats.read(
                                reader,
                                ROW(
                                        FIELD("id", INT()),
                                        FIELD("name", STRING()),
                                        FIELD("sequence", BIGINT().notNull())),
                                TestRecord.of("{\"id\":1}")))
                .containsExactly(Row.of(1, null, 42L));
    }

    private static List<Row> read(String identifier, RowShape shape, TestRecord... messages)
            throws Exception {
        return TestFormats.read(reader(format(identifier), TYPE, shape), TYPE, messages);
    }

    private static RowReader reader(
            DecodingFormat<DeserializationSchema<RowData>> format, DataType type, RowShape shape) {
        return new RowReader(
                format.createRuntimeDecoder(CONTEXT, type),
                shape,
                CONTEXT.createTypeInformation(type));
    }

    /** A format that does as it is told. */
    private static final class Scripted implements DeserializationSchema<RowData> {
        private static final long serialVersionUID = 1L;
        private final transient Script script;

        private Scripted(Script script) {
            this.script = script;
        }

        @Override
        public void deserialize(byte[] payload, Collector<RowData> out) throws IOException {
            script.run(payload, out::collect);
        }

        @Override
        public RowData deserialize(byte[] payload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isEndOfStream(RowData next) {
            return false;
        }

        @Override
        public TypeInformation<RowData> getProducedType() {
            return TypeInformation.of(RowData.class);
        }
    }

    private interface Script {
        void run(byte[] payload, TestFormats.RowConsumer out) throws IOException;
    }
}

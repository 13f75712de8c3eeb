// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one table writes, the same table reads; and a bucket's own client reads and writes, too. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlRoundTripITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @Test
    void everyTypeComesBackAsItWas(NatsServer server, TestStream stream) {
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.set("table.local-time-zone", "Europe/Berlin");
        sql.table(
                "t",
                "b BOOLEAN, i1 TINYINT, i2 SMALLINT, i4 INT, i8 BIGINT, f FLOAT, d DOUBLE,"
                        + " n DECIMAL(20, 3), s STRING, bin BYTES, day1 DATE, time1 TIME,"
                        + " stamp TIMESTAMP(9), moment TIMESTAMP_LTZ(3), list ARRAY<INT>,"
                        + " pairs MAP<STRING, DOUBLE>, nested ROW<a INT, b ARRAY<STRING>>",
                SqlFixture.from(server.url(), stream.subject("t.{s}.{i8}.{b}.{day1}")),
                "'json.timestamp-format.standard' = 'ISO-8601'",
                BOUNDED);
        sql.insert(
                "INSERT INTO t SELECT * FROM (VALUES (TRUE, CAST(-128 AS TINYINT), CAST(32767 AS"
                        + " SMALLINT), -2147483648, 9223372036854775807, CAST(0.1 AS FLOAT), CAST("
                        + "1.7976931348623157E308 AS DOUBLE), CAST('12345678901234567.891' AS DECIMAL(20, 3)), 'größe', x'00FF',"
                        + " DATE '2024-02-29', TIME '23:59:58', TIMESTAMP '2024-02-29 23:59:59"
                        + ".123456789', CAST(TIMESTAMP '2024-07-01 12:00:00.123' AS"
                        + " TIMESTAMP_LTZ(3)), ARRAY[1, 2, 3], MAP['a', CAST(0.5 AS DOUBLE)],"
                        + " ROW(7, ARRAY['x', ''])))");
        sql.insert(
                "INSERT INTO t (b, i8, s, day1) VALUES (FALSE, CAST(0 AS BIGINT), 'x', DATE"
                        + " '1969-12-31')");
        String written = "SELECT * FROM t";

        List<Row> rows = sql.rows(written);

        assertThat(rows).hasSize(2);
        Row full = rows.get(0);
        assertThat(full.toString())
                .isEqualTo(
                        "+I[true, -128, 32767, -2147483648, 9223372036854775807, 0.1,"
                                + " 1.7976931348623157E308, 12345678901234567.891, größe, [0, -1],"
                                + " 2024-02-29, 23:59:58, 2024-02-29T23:59:59.123456789,"
                                + " 2024-07-01T10:00:00.123Z, [1, 2, 3], {a=0.5}, +I[7, [x, ]]]");
        assertThat(rows.get(1).toString())
                .isEqualTo(
                        "+I[false, null, null, null, 0, null, null, null, x, null, 1969-12-31,"
                                + " null, null, null, null, null, null]");
    }

    @Test
    void metadataComesBackAsItWas(NatsServer server, TestStream stream) {
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.table(
                "t",
                "id INT, s STRING METADATA FROM 'subject', h MAP<STRING, ARRAY<STRING>> METADATA"
                        + " FROM 'headers', m STRING METADATA FROM 'msg-id', n BIGINT METADATA FROM"
                        + " 'sequence' VIRTUAL, op STRING METADATA FROM 'operation' VIRTUAL",
                SqlFixture.from(server, stream),
                BOUNDED);
        sql.insert(
                String.format(
                        "INSERT INTO t VALUES (1, '%s', MAP['a', ARRAY['x', '', 'y: z'], 'B-c',"
                                + " ARRAY['1']], 'id1')",
                        stream.subject("a.b")));
        sql.insert(
                String.format(
                        "INSERT INTO t VALUES (2, '%s', CAST(NULL AS MAP<STRING, ARRAY<STRING>>),"
                                + " CAST(NULL AS STRING))",
                        stream.subject("größe")));
        List<Row> rows = sql.rows("SELECT id, s, h, m, n, op FROM t");
        assertThat(rows).hasSize(2);
        Map<?, ?> headers = (Map<?, ?>) rows.get(0).getField("h");
        assertThat(headers).isNotNull();
        assertThat(names(headers)).isEqualTo(Set.of("Nats-Msg-Id", "a", "B-c"));
        assertThat((Object[]) headers.get("a")).containsExactly("x", "", "y: z");
        assertThat((Object[]) headers.get("B-c")).containsExactly("1");
        assertThat((Object[]) headers.get("Nats-Msg-Id")).containsExactly("id1");
        assertThat(rows.get(0))
                .isEqualTo(Row.of(1, stream.subject("a.b"), headers, "id1", 1L, "PUT"));
        assertThat(rows.get(1))
                .isEqualTo(Row.of(2, stream.subject("größe"), Map.of(), null, 2L, "PUT"));

        // A copy of all of it, ids included, is the same again.
        sql.execute("CREATE TABLE u LIKE t");
        sql.insert("INSERT INTO u SELECT id, s, h, CONCAT(m, '-copy') FROM t");
        List<Row> copies = sql.rows("SELECT id, s, h, m, n, op FROM u WHERE n > 2");
        assertThat(copies.get(0).getField("m")).isEqualTo("id1-copy");
        assertThat((Object[]) ((Map<?, ?>) copies.get(0).getFieldAs("h")).get("a"))
                .containsExactly("x", "", "y: z");
        assertThat(copies.get(1))
                .isEqualTo(Row.of(2, stream.subject("größe"), Map.of(), null, 4L, "PUT"));
        assertThat(copies).hasSize(2);
    }

    private static Set<String> names(Map<?, ?> headers) {
        Set<String> names = new TreeSet<>();
        headers.keySet().forEach(name -> names.add(String.valueOf(name)));
        return names;
    }

    @Test
    void changesComeBackAsTheTableTheyMake(NatsServer server, TestStream changes, TestStream out) {
        feed(changes);
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.table(
                "changes",
                "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server, changes),
                "'format' = 'debezium-json'",
                BOUNDED);
        sql.table(
                "t",
                "id INT, v STRING NOT NULL, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server.url(), out.subject("{id}")),
                BOUNDED);
        sql.insert("INSERT INTO t SELECT id, COALESCE(v, '') FROM changes");
        assertThat(sql.rows("SELECT * FROM t"))
                .containsExactly(
                        Row.ofKind(RowKind.INSERT, 1, "a"),
                        Row.ofKind(RowKind.INSERT, 2, "b"),
                        Row.ofKind(RowKind.UPDATE_BEFORE, 1, "a"),
                        Row.ofKind(RowKind.UPDATE_AFTER, 1, "A"),
                        Row.ofKind(RowKind.DELETE, 2, "b"));
        // A copy of a copy: deletions that name only their key go on.
        sql.table(
                "copy",
                "id INT, v STRING NOT NULL, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server.url(), out.subject("copy.{id}")));
        sql.insert("INSERT INTO `copy` SELECT * FROM t");
        assertThat(SqlSinkITCase.lines(out).subList(4, 8))
                .containsExactly(
                        "copy.1 {\"id\":1,\"v\":\"a\"}",
                        "copy.2 {\"id\":2,\"v\":\"b\"}",
                        "copy.1 {\"id\":1,\"v\":\"A\"}",
                        "copy.2 ");
    }

    private static void feed(TestStream changes) {
        for (String change :
                List.of(
                        "{\"before\": null, \"after\": {\"id\": 1, \"v\": \"a\"}, \"op\": \"c\"}",
                        "{\"before\": null, \"after\": {\"id\": 2, \"v\": \"b\"}, \"op\": \"c\"}",
                        "{\"before\": {\"id\": 1, \"v\": \"a\"}, \"after\": {\"id\": 1, \"v\":"
                                + " \"A\"}, \"op\": \"u\"}",
                        "{\"before\": {\"id\": 2, \"v\": \"b\"}, \"after\": null, \"op\":"
                                + " \"d\"}")) {
            changes.publish("c", change);
        }
    }

    @Test
    void aBucketsOwnClientSeesWhatATableWritesAndTheOtherWay(NatsServer server, TestStream changes)
            throws Exception {
        feed(changes);
        sql.set("table.exec.resource.default-parallelism", "1");
        try (Connection connection = server.connect()) {
            connection
                    .keyValueManagement()
                    .create(
                            KeyValueConfiguration.builder()
                                    .name("roundtrip")
                                    .maxHistoryPerKey(5)
                                    .build());
            KeyValue bucket = connection.keyValue("roundtrip");
            sql.table(
                    "changes",
                    "id STRING, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                    SqlFixture.from(server, changes),
                    "'format' = 'debezium-json'",
                    BOUNDED);
            sql.table(
                    "t",
                    "k STRING, v STRING, PRIMARY KEY (k) NOT ENFORCED",
                    SqlFixture.from(server.url(), "$KV.roundtrip.{k...}"),
                    "'value.fields-include' = 'except-subject'",
                    BOUNDED);
            sql.insert("INSERT INTO t SELECT * FROM changes");

            assertThat(history(bucket, "1"))
                    .containsExactly("PUT {\"v\":\"a\"}", "PUT {\"v\":\"A\"}");
            assertThat(history(bucket, "2")).containsExactly("PUT {\"v\":\"b\"}", "DEL ");
            assertThat(bucket.get("2")).isNull();
            assertThat(bucket.keys()).containsExactly("1");

            bucket.put("key.3", "{\"v\":\"c\"}");
            bucket.delete("1");
            assertThat(sql.rows("SELECT * FROM t"))
                    .containsExactly(
                            Row.ofKind(RowKind.INSERT, "1", "a"),
                            Row.ofKind(RowKind.INSERT, "2", "b"),
                            Row.ofKind(RowKind.UPDATE_BEFORE, "1", "a"),
                            Row.ofKind(RowKind.UPDATE_AFTER, "1", "A"),
                            Row.ofKind(RowKind.DELETE, "2", "b"),
                            Row.ofKind(RowKind.INSERT, "key.3", "c"),
                            Row.ofKind(RowKind.DELETE, "1", "A"));
            connection.keyValueManagement().delete("roundtrip");
        }
    }

    private static List<String> history(KeyValue bucket, String key) throws Exception {
        List<String> history = new ArrayList<>();
        for (KeyValueEntry entry : bucket.history(key)) {
            String operation = entry.getOperation().name().equals("DELETE") ? "DEL" : "PUT";
            history.add(
                    operation + " " + (entry.getValue() == null ? "" : entry.getValueAsString()));
        }
        return history;
    }
}

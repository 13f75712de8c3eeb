// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables with a PRIMARY KEY, and formats that carry a changelog. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlUpsertITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @BeforeEach
    void oneSubtaskKeepsTheOrderOfKeys() {
        sql.set("table.exec.resource.default-parallelism", "1");
    }

    @Test
    void overwritesTheRowOfAKey(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"a\":\"x\",\"b\":1,\"c\":\"first\"}");
        stream.publish("a", "{\"a\":\"x\",\"b\":2,\"c\":\"other\"}");
        stream.publish("b", "{\"a\":\"x\",\"b\":1,\"c\":\"second\"}");
        sql.table(
                "orders",
                "a STRING, b BIGINT, c STRING, seq BIGINT METADATA FROM 'sequence',"
                        + " PRIMARY KEY (a, b) NOT ENFORCED",
                SqlFixture.from(server, stream),
                BOUNDED);

        assertThat(sql.rows("SELECT * FROM orders"))
                .containsExactly(
                        Row.of("x", 1L, "first", 1L),
                        Row.of("x", 2L, "other", 2L),
                        Row.ofKind(RowKind.UPDATE_BEFORE, "x", 1L, "first", 1L),
                        Row.ofKind(RowKind.UPDATE_AFTER, "x", 1L, "second", 3L));
        assertThat(sql.rows("SELECT c FROM orders"))
                .containsExactly(
                        Row.of("first"),
                        Row.of("other"),
                        Row.ofKind(RowKind.UPDATE_BEFORE, "first"),
                        Row.ofKind(RowKind.UPDATE_AFTER, "second"));
    }

    /** Every key is written through two subjects in turn; read side by side, old would win. */
    @Test
    @Covers(options = "scan.ordering")
    void keepsTheOrderOfAKeyOverSeveralSubjects(NatsServer server, TestStream stream)
            throws Exception {
        int keys = 50;
        int messages = 5_000;
        stream.publishMany(
                i -> i % 3 == 0 ? "created" : "cancelled",
                0,
                messages,
                i -> "{\"id\":" + i % keys + ",\"version\":" + i + "}");
        String from =
                SqlFixture.from(
                        server.url(),
                        stream.subject("created") + "," + stream.subject("cancelled"));
        String columns = "id INT, version INT, PRIMARY KEY (id) NOT ENFORCED";
        sql.set("table.exec.resource.default-parallelism", "2");
        sql.table("t", columns, from, BOUNDED);
        sql.table("explicit", columns, from, BOUNDED, "'scan.ordering' = 'stream'");

        Map<Integer, Integer> last = new HashMap<>();
        for (int i = messages - keys; i < messages; i++) {
            last.put(i % keys, i);
        }
        assertThat(table(sql.rows("SELECT id, version FROM t"))).isEqualTo(last);
        assertThat(table(sql.rows("SELECT id, version FROM explicit"))).isEqualTo(last);
    }

    /** What a changelog adds up to. */
    private static Map<Integer, Integer> table(List<Row> changelog) {
        Map<Integer, Integer> table = new HashMap<>();
        for (Row row : changelog) {
            if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
                table.put((Integer) row.getField(0), (Integer) row.getField(1));
            }
        }
        return table;
    }

    @Test
    void refusesADeletionThatNamesNoKey(NatsServer server, TestStream stream) {
        stream.publish("a", "{\"id\":1}");
        stream.publish("a", "");
        sql.table(
                "t",
                "id INT, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server, stream),
                BOUNDED);

        assertThat(sql.failure("SELECT * FROM t"))
                .contains(
                        "Cannot decode the message with sequence 2 and subject "
                                + stream.subject("a"))
                .contains("The payload is empty, which deletes the row of a key");
    }

    @Test
    void followsTheChangelogOfAFormat(NatsServer server, TestStream stream) throws Exception {
        String one = "{\"id\":1,\"name\":\"a\"}";
        String two = "{\"id\":1,\"name\":\"b\"}";
        stream.publish("a", "{\"before\":null,\"after\":" + one + ",\"op\":\"c\"}");
        stream.publish("a", "{\"before\":" + one + ",\"after\":" + two + ",\"op\":\"u\"}");
        stream.publish("a", "{\"before\":" + two + ",\"after\":null,\"op\":\"d\"}");
        stream.publish("a", "");
        for (String key : List.of("", ", PRIMARY KEY (id) NOT ENFORCED")) {
            sql.execute("DROP TABLE IF EXISTS t");
            sql.table(
                    "t",
                    "id INT, name STRING" + key,
                    SqlFixture.from(server, stream),
                    BOUNDED,
                    "'format' = 'debezium-json'");

            assertThat(sql.rows("SELECT * FROM t"))
                    .containsExactly(
                            Row.of(1, "a"),
                            Row.ofKind(RowKind.UPDATE_BEFORE, 1, "a"),
                            Row.ofKind(RowKind.UPDATE_AFTER, 1, "b"),
                            Row.ofKind(RowKind.DELETE, 1, "b"));
        }
    }
}

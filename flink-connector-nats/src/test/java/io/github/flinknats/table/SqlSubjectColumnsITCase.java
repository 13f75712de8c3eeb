// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Columns that are tokens of the subject, deletions by subject, and buckets as tables. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlSubjectColumnsITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @Test
    void readsColumnsFromTheSubject(NatsServer server, TestStream stream) {
        stream.publish("eu.7.2026-02-28.true", "{\"amount\":1,\"region\":\"nowhere\"}");
        stream.publish("us.-3.2026-03-01.false", "{\"amount\":2}");
        sql.table(
                "t",
                "amount INT, region STRING, id BIGINT, d DATE, vip BOOLEAN,"
                        + " seq BIGINT METADATA FROM 'sequence'",
                SqlFixture.from(server.url(), stream.subject("{region}.{id}.{d}.{vip}")),
                BOUNDED);

        assertThat(sql.rows("SELECT * FROM t"))
                .containsExactly(
                        Row.of(1, "eu", 7L, LocalDate.of(2026, 2, 28), true, 1L),
                        Row.of(2, "us", -3L, LocalDate.of(2026, 3, 1), false, 2L));
        assertThat(sql.rows("SELECT vip, amount, region FROM t"))
                .containsExactly(Row.of(true, 1, "eu"), Row.of(false, 2, "us"));
        assertThat(sql.rows("SELECT region FROM t")).containsExactly(Row.of("eu"), Row.of("us"));
        assertThat(sql.rows("SELECT amount, seq FROM t WHERE region = 'us'"))
                .containsExactly(Row.of(2, 2L));
    }

    @Test
    void readsColumnsBesideNestedAndUnprojectedOnes(NatsServer server, TestStream stream) {
        stream.publish("a.x", "{\"r\":{\"p\":1,\"q\":2},\"v\":3}");
        stream.publish("b.y", "{\"r\":{\"p\":4,\"q\":5},\"v\":6}");
        String from = SqlFixture.from(server.url(), stream.subject("{k}.{l}"));
        sql.table("t", "k STRING, r ROW<p INT, q INT>, l STRING, v INT", from, BOUNDED);
        assertThat(sql.rows("SELECT r.q, l, v FROM t"))
                .containsExactly(Row.of(2, "x", 3), Row.of(5, "y", 6));
        sql.execute("DROP TABLE t");
        stream.publish("c.z", "7");
        sql.table(
                "raws",
                "k STRING, payload STRING, l STRING",
                from,
                BOUNDED,
                "'format' = 'raw'",
                "'scan.startup.mode' = 'sequence'",
                "'scan.startup.sequence' = '3'");
        assertThat(sql.rows("SELECT l, payload, k FROM raws"))
                .containsExactly(Row.of("z", "7", "c"));
    }

    @Test
    void sendsASubjectThatIsNoValueToTheErrorPolicy(NatsServer server, TestStream stream) {
        stream.publish("7", "{\"v\":1}");
        stream.publish("007", "{\"v\":2}");
        stream.publish("8", "{\"v\":3}");
        String from = SqlFixture.from(server.url(), stream.subject("{id}"));
        sql.table("failing", "id INT, v INT", from, BOUNDED);
        sql.table("skipping", "id INT, v INT", from, BOUNDED, "'scan.on-error' = 'skip'");

        assertThat(sql.failure("SELECT * FROM failing"))
                .contains("sequence 2")
                .contains("Column 'id' cannot be read from the subject: '007' is not a INT");
        assertThat(sql.rows("SELECT * FROM skipping")).containsExactly(Row.of(7, 1), Row.of(8, 3));
    }

    @Test
    void deletesTheKeyThatTheSubjectNames(NatsServer server, TestStream stream) {
        sql.set("table.exec.resource.default-parallelism", "1"); // one order for all keys
        stream.publish("eu.1", "{\"v\":10}");
        stream.publish("eu.2", "{\"v\":20}");
        stream.publish("eu.1", "");
        stream.publish("eu.1", "");
        stream.publish("us.1", "{\"v\":30}");
        stream.publish("eu.2", "{\"v\":21}");
        sql.table(
                "t",
                "region STRING, id INT, v INT NOT NULL, PRIMARY KEY (region, id) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{region}.{id}")),
                BOUNDED);

        assertThat(sql.rows("SELECT * FROM t"))
                .containsExactly(
                        Row.ofKind(RowKind.INSERT, "eu", 1, 10),
                        Row.ofKind(RowKind.INSERT, "eu", 2, 20),
                        Row.ofKind(RowKind.DELETE, "eu", 1, 10),
                        Row.ofKind(RowKind.INSERT, "us", 1, 30),
                        Row.ofKind(RowKind.UPDATE_BEFORE, "eu", 2, 20),
                        Row.ofKind(RowKind.UPDATE_AFTER, "eu", 2, 21));
        assertThat(sql.rows("SELECT SUM(v) FROM t")).endsWith(Row.ofKind(RowKind.UPDATE_AFTER, 51));
    }

    @Test
    void refusesADeletionWhoseKeyOnlyThePayloadHolds(NatsServer server, TestStream stream) {
        stream.publish("eu", "{\"id\":1,\"v\":10}");
        stream.publish("eu", "");
        sql.table(
                "t",
                "region STRING, id INT, v INT, PRIMARY KEY (region, id) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{region}")),
                BOUNDED);

        assertThat(sql.failure("SELECT * FROM t"))
                .contains("of the key only the payload holds [id]")
                .contains("'nats.subject'");
    }

    @Test
    @Covers(metadata = "operation")
    void readsABucketAndItsHistory(NatsServer server) throws Exception {
        sql.set("table.exec.resource.default-parallelism", "1"); // one order for all keys
        try (Connection connection = server.connect()) {
            connection
                    .keyValueManagement()
                    .create(
                            KeyValueConfiguration.builder()
                                    .name("prices")
                                    .maxHistoryPerKey(5)
                                    .build());
            KeyValue bucket = connection.keyValue("prices");
            bucket.put("fruit.apple", "{\"v\":1}");
            bucket.put("fruit.pear", "{\"v\":2}");
            bucket.put("fruit.apple", "{\"v\":3}");
            bucket.delete("fruit.pear");
            bucket.put("nut", "{\"v\":4}");
            bucket.purge("nut");
            String from = SqlFixture.from(server.url(), "$KV.prices.{k...}");
            sql.table("now", "k STRING, v INT, PRIMARY KEY (k) NOT ENFORCED", from, BOUNDED);
            sql.table(
                    "history",
                    "k STRING, v INT, op STRING METADATA FROM 'operation',"
                            + " revision BIGINT METADATA FROM 'sequence'",
                    from,
                    BOUNDED);

            sql.table(
                    "strict",
                    "k STRING, v INT NOT NULL, op STRING METADATA FROM 'operation'",
                    from,
                    BOUNDED);

            assertThat(sql.failure("SELECT * FROM strict"))
                    .contains(
                            "The message marks a deletion, and the column 'v', for which it has no"
                                    + " value, is NOT NULL. Please check 'format'");
            assertThat(sql.rows("SELECT * FROM now"))
                    .containsExactly(
                            Row.ofKind(RowKind.INSERT, "fruit.apple", 1),
                            Row.ofKind(RowKind.INSERT, "fruit.pear", 2),
                            Row.ofKind(RowKind.UPDATE_BEFORE, "fruit.apple", 1),
                            Row.ofKind(RowKind.UPDATE_AFTER, "fruit.apple", 3),
                            Row.ofKind(RowKind.DELETE, "fruit.pear", 2));
            assertThat(sql.rows("SELECT * FROM history"))
                    .containsExactly(
                            Row.of("fruit.apple", 1, "PUT", 1L),
                            Row.of("fruit.pear", 2, "PUT", 2L),
                            Row.of("fruit.apple", 3, "PUT", 3L),
                            Row.of("fruit.pear", null, "DEL", 4L),
                            Row.of("nut", null, "PURGE", 6L));
            connection.keyValueManagement().delete("prices");
        }
    }

    /**
     * The server says when the last message of a subject has expired. Only in a stream of one
     * message per subject may one live shorter than the server's word of it.
     */
    @Test
    void deletesTheRowsThatExpire(NatsServer server) {
        sql.set("table.exec.resource.default-parallelism", "1"); // one order for all keys
        TestStream stream =
                TestStream.create(
                        server,
                        builder ->
                                builder.allowMessageTtl()
                                        .maxMessagesPerSubject(1)
                                        .subjectDeleteMarkerTtl(Duration.ofMinutes(1)));
        stream.publish("a", "{\"v\":1}");
        String from = SqlFixture.from(server.url(), stream.subject("{k}"));
        sql.table("now", "k STRING, v INT, PRIMARY KEY (k) NOT ENFORCED", from);
        sql.table(
                "history",
                "k STRING, v INT, op STRING METADATA FROM 'operation'",
                from,
                "'scan.startup.mode' = 'sequence'",
                "'scan.startup.sequence' = '3'");

        SqlFixture.Running query = sql.start("SELECT * FROM now");
        assertThat(query.next(1)).containsExactly(Row.of("a", 1));
        stream.publish("b", new Headers().add("Nats-TTL", "1s"), "{\"v\":2}");
        assertThat(query.next(2))
                .containsExactly(Row.of("b", 2), Row.ofKind(RowKind.DELETE, "b", 2));
        assertThat(sql.start("SELECT * FROM history").next(1))
                .containsExactly(Row.of("b", null, "PURGE"));
    }

    @Test
    void refusesTemplatesThatDoNotFitTheTable(NatsServer server) {
        String[][] cases = {
            {"a.{k},b.{k}", "must be one subject, not a list"},
            {"a.{nobody}", "names the column 'nobody', but the table has none of that name"},
            {"a.{price}", "'price' of the subject 'a.{price}' is a DOUBLE"},
            {"a.{k}.{k}", "has the column 'k' twice"},
            {"a.x{k}", "has braces inside a token"},
            {"a.{m}", "names the column 'm', but the table has none of that name"}
        };
        List<String> done = new ArrayList<>();
        for (String[] each : cases) {
            String name = "t" + done.size();
            sql.table(
                    name,
                    "k STRING, price DOUBLE, m STRING METADATA FROM 'subject'",
                    SqlFixture.from(server.url(), each[0]));
            assertThatThrownBy(() -> sql.execute("SELECT * FROM " + name))
                    .hasStackTraceContaining("Invalid value for option 'nats.subject'")
                    .hasStackTraceContaining(each[1]);
            done.add(name);
        }
        assertThat(done).hasSize(cases.length);
    }
}

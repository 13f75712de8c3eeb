// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.ConsumerInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a predicate leaves out is not read: a message that cannot be decoded, and would fail the
 * query, shows that.
 */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlPushDownITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final String POISON = "no JSON";
    private static final String METADATA =
            ", subj STRING METADATA FROM 'subject', seq BIGINT METADATA FROM 'sequence',"
                    + " ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'";
    private static final String COLUMNS = "region STRING, id INT, v INT" + METADATA;

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @TempDir Path directory;

    private static String template(NatsServer server, TestStream stream) {
        return SqlFixture.from(server.url(), stream.subject("{region}.{id}"));
    }

    private static String v(int value) {
        return "{\"v\":" + value + "}";
    }

    @Test
    void leavesOutSubjects(NatsServer server, TestStream stream) {
        stream.publish("eu.1", v(1));
        stream.publish("us.1", POISON);
        stream.publish("eu.2", v(2));
        stream.publish("as.1", v(3));
        sql.table("t", COLUMNS, template(server, stream), BOUNDED);

        assertThat(sql.rows("SELECT id, v FROM t WHERE region = 'eu'"))
                .containsExactlyInAnyOrder(Row.of(1, 1), Row.of(2, 2));
        assertThat(sql.rows("SELECT v FROM t WHERE region = 'eu' AND v > 1"))
                .containsExactlyInAnyOrder(Row.of(2));
        assertThat(sql.rows("SELECT v FROM t WHERE region IN ('eu', 'as')"))
                .containsExactlyInAnyOrder(Row.of(1), Row.of(2), Row.of(3));
        assertThat(sql.rows("SELECT v FROM t WHERE region = 'eu' AND id = 2 OR region = 'as'"))
                .containsExactlyInAnyOrder(Row.of(2), Row.of(3));
        assertThat(sql.rows("SELECT v FROM t WHERE subj LIKE '" + stream.subject("eu.%") + "'"))
                .containsExactlyInAnyOrder(Row.of(1), Row.of(2));
        assertThat(sql.rows("SELECT v FROM t WHERE subj = '" + stream.subject("as.1") + "'"))
                .containsExactlyInAnyOrder(Row.of(3));
        assertThat(sql.rows("SELECT v FROM t WHERE region = 'nowhere'")).isEmpty();
        assertThat(sql.failure("SELECT v FROM t WHERE v > 1")).contains("Cannot decode");
    }

    @Test
    void leavesOutKeysOfABucketByWhatTheyStartWith(NatsServer server, TestStream stream) {
        stream.publish("fruit.apple", v(1));
        stream.publish("fruits", POISON);
        stream.publish("fruit.pear.green", v(2));
        sql.table(
                "t",
                "k STRING, v INT, PRIMARY KEY (k) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{k...}")),
                BOUNDED);

        assertThat(sql.rows("SELECT k, v FROM t WHERE k LIKE 'fruit.%'"))
                .containsExactlyInAnyOrder(Row.of("fruit.apple", 1), Row.of("fruit.pear.green", 2));
        assertThat(sql.rows("SELECT k, v FROM t WHERE k LIKE 'fruit.p%'"))
                .containsExactly(Row.of("fruit.pear.green", 2));
    }

    @Test
    void leavesOutPositions(NatsServer server, TestStream stream) {
        stream.publish("eu.1", POISON);
        stream.publish("eu.2", v(2));
        stream.publish("eu.3", v(3));
        stream.publish("eu.4", POISON);
        sql.table("t", COLUMNS, template(server, stream), BOUNDED);

        assertThat(sql.rows("SELECT id, v FROM t WHERE seq BETWEEN 2 AND 3"))
                .containsExactly(Row.of(2, 2), Row.of(3, 3));
        assertThat(sql.rows("SELECT id, v FROM t WHERE seq > 1 AND seq < 3"))
                .containsExactly(Row.of(2, 2));
        assertThat(sql.rows("SELECT id, v FROM t WHERE seq > 2 AND seq < 2")).isEmpty();
        assertThat(sql.failure("SELECT id, v FROM t WHERE seq > 1")).contains("sequence 4");
        assertThat(sql.failure("SELECT id, v FROM t WHERE seq < 4")).contains("sequence 1");
    }

    @Test
    void leavesOutStoreTimes(NatsServer server, TestStream stream) {
        long begin = System.currentTimeMillis();
        stream.publish("eu.1", POISON);
        awaitTime(begin + 5_000);
        stream.publish("eu.2", v(2));
        awaitTime(begin + 10_000);
        stream.publish("eu.3", POISON);
        sql.table("t", COLUMNS, template(server, stream), BOUNDED);
        String from = "ts >= TO_TIMESTAMP_LTZ(" + (begin + 4_500) + ", 3)";
        String to = "ts < TO_TIMESTAMP_LTZ(" + (begin + 7_000) + ", 3)";

        assertThat(sql.rows("SELECT id, v FROM t WHERE " + from + " AND " + to))
                .containsExactly(Row.of(2, 2));
        assertThat(sql.failure("SELECT id, v FROM t WHERE " + from)).contains("sequence 3");
        assertThat(sql.failure("SELECT id, v FROM t WHERE " + to)).contains("sequence 1");
    }

    private static void awaitTime(long time) {
        Await.until(
                "the next message is stored at another time",
                Duration.ofSeconds(20),
                () -> System.currentTimeMillis() >= time);
    }

    /** The message that moves a row to another region is what removes it from the first one. */
    @Test
    void readsWhatSupersedesARow(NatsServer server, TestStream stream) {
        sql.set("table.exec.resource.default-parallelism", "1");
        stream.publish("eu.1", v(1));
        stream.publish("eu.2", v(2));
        stream.publish("us.1", v(3));
        stream.publish("as.3", v(4));
        sql.table(
                "t",
                COLUMNS + ", PRIMARY KEY (id) NOT ENFORCED",
                template(server, stream),
                BOUNDED);

        assertThat(sql.rows("SELECT id, v FROM t WHERE region = 'eu'"))
                .containsExactly(
                        Row.of(1, 1), Row.of(2, 2), Row.ofKind(RowKind.UPDATE_BEFORE, 1, 1));
        assertThat(sql.rows("SELECT id, v FROM t WHERE seq < 3"))
                .containsExactly(
                        Row.of(1, 1), Row.of(2, 2), Row.ofKind(RowKind.UPDATE_BEFORE, 1, 1));
        stream.publish("us.4", POISON);
        assertThat(sql.rows("SELECT v FROM t WHERE id = 1"))
                .containsExactly(
                        Row.of(1),
                        Row.ofKind(RowKind.UPDATE_BEFORE, 1),
                        Row.ofKind(RowKind.UPDATE_AFTER, 3));
        assertThat(sql.failure("SELECT v FROM t WHERE region = 'eu'")).contains("sequence 5");
    }

    @Test
    void startsWithTheNewestOfEachSubjectThatIsWanted(NatsServer server, TestStream stream) {
        stream.publish("eu.1", v(1));
        stream.publish("us.1", POISON);
        stream.publish("eu.1", v(2));
        stream.publish("eu.2", v(3));
        sql.table(
                "t",
                COLUMNS,
                template(server, stream),
                BOUNDED,
                "'scan.startup.mode' = 'last-per-subject'");

        assertThat(sql.rows("SELECT v FROM t WHERE region = 'eu'"))
                .containsExactly(Row.of(2), Row.of(3));
        assertThat(sql.rows("SELECT v FROM t WHERE seq < 4 AND region = 'eu'"))
                .containsExactly(Row.of(2));
        assertThat(sql.rows("SELECT v FROM t WHERE seq > 3")).containsExactly(Row.of(3));
    }

    /** Another query takes over the position: what the first one left out is not lost to it. */
    @Test
    void leavesOutNothingThatAnotherQueryMayWant(NatsServer server, TestStream stream)
            throws Exception {
        SqlSavepoints.prepare(sql);
        stream.publish("us.1", POISON);
        stream.publish("eu.1", v(1));
        sql.table("t", COLUMNS, template(server, stream));
        SqlFixture.Running query = sql.start("SELECT id, v FROM t WHERE region = 'eu'");
        List<Row> rows = new ArrayList<>(query.next(1));
        assertThat(filters(stream)).containsExactly(List.of(stream.subject("eu.*")));
        String savepoint = savepoints.stop(query, directory, rows);
        assertThat(rows).containsExactly(Row.of(1, 1));
        stream.publish("us.2", v(2));
        stream.publish("as.3", POISON);
        stream.publish("eu.3", v(3));

        SqlFixture session = savepoints.restore(savepoint);
        session.table("t", COLUMNS, template(server, stream));
        query = session.start("SELECT id, v FROM t WHERE region = 'us' OR seq = 5");
        assertThat(query.failure()).contains("sequence 4");

        session = savepoints.restore(savepoint);
        session.table("t", COLUMNS, template(server, stream));
        query = session.start("SELECT id, v FROM t WHERE region IN ('us', 'eu')");
        assertThat(query.next(2)).containsExactly(Row.of(2, 2), Row.of(3, 3));
    }

    private static List<List<String>> filters(TestStream stream) throws Exception {
        List<List<String>> filters = new ArrayList<>();
        for (ConsumerInfo consumer : stream.management().getConsumers(stream.name())) {
            List<String> its = consumer.getConsumerConfiguration().getFilterSubjects();
            filters.add(its == null ? List.of() : its);
        }
        return filters;
    }

    /** Of the subjects that are listed, each with a split of its own, one has nothing to give. */
    @Test
    void readsNothingOfSubjectsThatAreNotWanted(NatsServer server, TestStream stream)
            throws Exception {
        SqlSavepoints.prepare(sql);
        stream.publish("us.1", POISON);
        stream.publish("eu.1", v(1));
        String from =
                SqlFixture.from(
                        server.url(), stream.subject("eu.*") + "," + stream.subject("us.*"));
        sql.table("t", "v INT" + METADATA, from);
        String like = " LIKE '" + stream.subject("eu.") + "%'";
        SqlFixture.Running query = sql.start("SELECT v FROM t WHERE subj" + like);
        List<Row> rows = new ArrayList<>(query.next(1));
        SqlFixture.awaitConsumers(server, stream, 2);
        assertThat(filters(stream))
                .containsExactlyInAnyOrder(
                        List.of(stream.subject("eu.*")), List.of("_flink.nothing"));
        stream.publish("us.2", POISON);
        stream.publish("eu.2", v(2));
        rows.addAll(query.next(1));
        assertThat(rows).containsExactly(Row.of(1), Row.of(2));
        String savepoint = savepoints.stop(query, directory, rows);

        SqlFixture session = savepoints.restore(savepoint);
        session.table("t", "v INT" + METADATA, from, "'scan.on-error' = 'skip'");
        query = session.start("SELECT v FROM t");
        stream.publish("us.3", v(3));
        assertThat(query.next(1)).containsExactly(Row.of(3));
    }

    /** Where each message moves the watermark, a window ends because of one that is not wanted. */
    @Test
    void readsWhatMovesTheWatermark(NatsServer server, TestStream stream) {
        String columns =
                "region STRING, id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts"
                        + ", seq BIGINT METADATA FROM 'sequence'";
        sql.table("t", columns, template(server, stream));
        sql.set("table.exec.resource.default-parallelism", "1");
        SqlFixture.Running query =
                sql.start(
                        "SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts),"
                                + " INTERVAL '1' MINUTE)) WHERE region = 'eu'"
                                + " GROUP BY window_start, window_end");
        stream.publish("eu.1", "{\"ts\":\"2026-01-01 00:00:10\"}");
        stream.publish("us.1", "{\"ts\":\"2026-01-01 00:01:10\"}");

        assertThat(query.next(1).stream().map(row -> row.getField(1)).collect(Collectors.toList()))
                .containsExactly(1L);
    }

    @Test
    void readsSeveralStreams(NatsServer server, TestStream first) {
        TestStream second = TestStream.create(server);
        first.publish("eu.1", v(1));
        first.publish("us.1", POISON);
        second.publish("eu.1", v(2));
        second.publish("us.1", POISON);
        second.publish("eu.1", v(3));
        sql.table(
                "t",
                "v INT" + METADATA,
                "'nats.server-url' = '" + server.url() + "'",
                "'nats.stream' = '" + first.name() + ", " + second.name() + "'",
                BOUNDED);

        assertThat(
                        sql.rows(
                                "SELECT v FROM t WHERE subj IN ('"
                                        + first.subject("eu.1")
                                        + "', '"
                                        + second.subject("eu.1")
                                        + "')"))
                .containsExactlyInAnyOrder(Row.of(1), Row.of(2), Row.of(3));
    }

    @Test
    void asksForFewerSubjectsThanThereAreValues(NatsServer server, TestStream stream) {
        stream.publish("us.1", v(1));
        stream.publish("eu.1", v(2));
        stream.publish("eu.999", v(3));
        stream.publish("us.2000", POISON);
        sql.table("t", COLUMNS, template(server, stream), BOUNDED);
        StringBuilder values = new StringBuilder("1");
        for (int i = 2; i <= 1_000; i++) {
            values.append(',').append(i);
        }

        assertThat(sql.rows("SELECT v FROM t WHERE region = 'eu' AND id IN (" + values + ")"))
                .containsExactly(Row.of(2), Row.of(3));
        assertThat(sql.failure("SELECT v FROM t WHERE id IN (" + values + ")"))
                .contains("sequence 4");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static io.github.flinknats.testing.Direction.FROM_CLIENT;
import static io.github.flinknats.testing.Direction.FROM_SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whatever breaks below a query, its result holds every message once and in order. */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(300)
class SqlFaultsITCase {
    private static final int MESSAGES = 40_000;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(2)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @BeforeEach
    void recover() {
        recover(sql);
    }

    private static void recover(SqlFixture session) {
        session.restartJobs("200 ms");
        // Operators keep their identity when another parallelism would chain them otherwise; the
        // state of collect() itself has none.
        session.set("pipeline.operator-chaining.enabled", "false");
        session.set("execution.state-recovery.ignore-unclaimed-state", "true");
    }

    private static void publish(TestStream stream, int from, int to) {
        stream.publishMany("a", from, to, i -> "{\"id\": " + i + "}");
    }

    private static List<Integer> ids(List<Row> rows) {
        return rows.stream().map(row -> (Integer) row.getField(0)).collect(Collectors.toList());
    }

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().collect(Collectors.toList());
    }

    @Test
    void readsOnceAndInOrderThroughFaultsInARow(
            NatsServer server, TestStream stream, @InjectMiniCluster MiniCluster cluster)
            throws Exception {
        publish(stream, 0, MESSAGES);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 9_000).cut();
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 14_000).drop(3);
            proxy.on(FROM_CLIENT, "PUB", "$JS.API.CONSUMER.MSG.NEXT", 7).drop(1);
            sql.table("t", "id INT", SqlFixture.from(proxy.url(), stream.subjects()));
            SqlFixture.Running query = sql.start("SELECT id FROM t");
            List<Row> rows = new ArrayList<>(query.next(5_000));
            server.kill();
            server.restart();
            rows.addAll(query.next(10_000));
            cluster.terminateTaskManager(0).get();
            cluster.startTaskManager();
            rows.addAll(query.next(10_000));
            for (String consumer : stream.management().getConsumerNames(stream.name())) {
                stream.management().deleteConsumer(stream.name(), consumer);
            }
            cluster.terminateTaskManager(1).get();
            cluster.startTaskManager();
            publish(stream, MESSAGES, MESSAGES + 1_000);
            rows.addAll(query.next(MESSAGES + 1_000 - rows.size()));
            assertThat(ids(rows)).isEqualTo(upTo(MESSAGES + 1_000));
            query.job().cancel().get();
            // A TaskManager that dies leaves its consumer to the server's limit for unused ones.
            for (String consumer : stream.management().getConsumerNames(stream.name())) {
                stream.keepConsumer(consumer);
            }
        }
    }

    @Test
    void goesOnWhenItsConsumerIsPausedAndResumed(NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, 0, 100);
        sql.table("t", "id INT", SqlFixture.from(server, stream));
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>(query.next(100));
        String consumer = stream.management().getConsumerNames(stream.name()).get(0);
        stream.management()
                .pauseConsumer(
                        stream.name(), consumer, ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3));
        publish(stream, 100, 200);
        rows.addAll(query.next(100));
        assertThat(ids(rows)).isEqualTo(upTo(200));
        assertThat(stream.management().getConsumerNames(stream.name())).containsExactly(consumer);
    }

    @Test
    void goesOnAtASavepointWithAnotherParallelism(
            NatsServer server, TestStream stream, @TempDir Path directory) throws Exception {
        String columns = "id INT, subject STRING METADATA FROM 'subject'";
        String[] options = {
            SqlFixture.from(server.url(), stream.subject("a") + "," + stream.subject("b")),
            "'scan.ordering' = 'filter'",
            "'scan.startup.mode' = 'earliest'"
        };
        for (int half = 0; half < 2; half++) {
            String suffix = half == 0 ? "a" : "b";
            stream.publishMany(suffix, 0, 1_000, i -> "{\"id\": " + i + "}");
        }
        sql.set("table.exec.resource.default-parallelism", "2");
        sql.table("t", columns, options);
        SqlFixture.Running first = sql.start("SELECT * FROM t");
        List<Row> rows = new ArrayList<>(first.next(2_000));
        String savepoint =
                first.job()
                        .stopWithSavepoint(
                                false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
                        .get();
        rows.addAll(first.rest());
        stream.publishMany("a", 1_000, 1_500, i -> "{\"id\": " + i + "}");
        stream.publishMany("b", 1_000, 1_500, i -> "{\"id\": " + i + "}");

        SqlFixture restored = new SqlFixture();
        restored.beforeEach(null);
        recover(restored);
        restored.set("execution.state-recovery.path", savepoint);
        restored.set("table.exec.resource.default-parallelism", "1");
        restored.table("t", columns, options);
        SqlFixture.Running second = restored.start("SELECT * FROM t");
        rows.addAll(second.next(1_000));
        second.job().cancel().get();

        TreeMap<String, List<Integer>> bySubject = new TreeMap<>();
        for (Row row : rows) {
            bySubject
                    .computeIfAbsent((String) row.getField(1), s -> new ArrayList<>())
                    .add((Integer) row.getField(0));
        }
        assertThat(bySubject)
                .containsOnlyKeys(stream.subject("a"), stream.subject("b"))
                .allSatisfy((subject, ids) -> assertThat(ids).isEqualTo(upTo(1_500)));
    }

    @Test
    void neverOverwritesANewerRowAfterARestore(
            NatsServer server, TestStream stream, @TempDir Path directory) throws Exception {
        String columns = "k INT, v INT, PRIMARY KEY (k) NOT ENFORCED";
        String[] options = {
            SqlFixture.from(server.url(), stream.subject("a") + "," + stream.subject("b"))
        };
        // Versions of a key alternate between two subjects: only the stream's order is right.
        for (int version = 0; version < 200; version++) {
            stream.publish(
                    version % 2 == 0 ? "a" : "b",
                    "{\"k\": " + version % 10 + ", \"v\": " + version + "}");
        }
        sql.table("t", columns, options);
        SqlFixture.Running first = sql.start("SELECT k, v FROM t");
        // Ten inserts, and two rows for each of the 190 updates.
        List<Row> rows = new ArrayList<>(first.next(390));
        String savepoint =
                first.job()
                        .stopWithSavepoint(
                                false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
                        .get();
        rows.addAll(first.rest());
        stream.publish("b", "{\"k\": 3, \"v\": 1000}");

        SqlFixture restored = new SqlFixture();
        restored.beforeEach(null);
        recover(restored);
        restored.set("execution.state-recovery.path", savepoint);
        restored.table("t", columns, options);
        SqlFixture.Running second = restored.start("SELECT k, v FROM t");
        rows.addAll(second.next(2));
        second.job().cancel().get();

        TreeMap<Integer, Integer> table = new TreeMap<>();
        TreeMap<Integer, Integer> highest = new TreeMap<>();
        for (Row row : rows) {
            Integer key = (Integer) row.getField(0);
            Integer value = (Integer) row.getField(1);
            if (row.getKind() == RowKind.UPDATE_BEFORE || row.getKind() == RowKind.DELETE) {
                continue;
            }
            assertThat(value).as("row of key " + key).isGreaterThan(highest.getOrDefault(key, -1));
            highest.put(key, value);
            table.put(key, value);
        }
        TreeMap<Integer, Integer> expected = new TreeMap<>();
        IntStream.range(190, 200).forEach(v -> expected.put(v % 10, v));
        expected.put(3, 1000);
        assertThat(table).isEqualTo(expected);
    }

    @Test
    void failsWithTheReasonWhenTheServerStaysAway(NatsServer server, TestStream stream) {
        publish(stream, 0, 10);
        sql.set("restart-strategy.type", "disable");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subjects()),
                "'nats.outage-timeout' = '2 s'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        query.next(10);
        server.kill();
        assertThat(query.failure())
                .contains("Cannot go on reading stream " + stream.name())
                .contains(server.url())
                .contains("at sequence 11")
                .contains("'nats.outage-timeout'");
        server.restart();
        Await.until("the server is back", Duration.ofSeconds(10), server::isAlive);
    }
}

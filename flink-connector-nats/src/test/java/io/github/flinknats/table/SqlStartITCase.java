// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every start, and that a restart does not move it. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlStartITCase {
    private static final String SNAPSHOT = "'scan.startup.mode' = 'last-per-subject'";
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @BeforeEach
    void prepare() {
        SqlSavepoints.prepare(sql);
        sql.set("table.exec.resource.default-parallelism", "1");
    }

    private static void publish(TestStream stream, int subjects, int from, int to) {
        stream.publishMany(
                i -> "k" + i % subjects,
                from,
                to,
                i -> "{\"k\": " + i % subjects + ", \"id\": " + i + "}");
    }

    private static List<Integer> ids(Collection<Row> rows) {
        return rows.stream().map(row -> (Integer) row.getField(0)).collect(Collectors.toList());
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().collect(Collectors.toList());
    }

    // ------------------------------------------------------------------ last-per-subject

    @ParameterizedTest
    @ValueSource(strings = {"id INT", "id INT, k INT, PRIMARY KEY (id) NOT ENFORCED"})
    void startsWithTheNewestOfEachSubject(String columns, NatsServer server, TestStream stream) {
        publish(stream, 7, 0, 70);
        sql.table("t", columns, SqlFixture.from(server, stream), SNAPSHOT);
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>(query.next(7));
        publish(stream, 7, 70, 80);
        rows.addAll(query.next(10));

        assertThat(ids(rows)).isEqualTo(range(63, 80));
    }

    @Test
    void endsWithTheNewestOfEachSubject(NatsServer server, TestStream stream, TestStream empty) {
        publish(stream, 7, 0, 70);
        stream.publish("other", "{\"id\": -1}");
        sql.table("all_of_it", "id INT", SqlFixture.from(server, stream), SNAPSHOT, BOUNDED);
        String some =
                stream.subject("k1") + ", " + stream.subject("k3") + ", " + stream.subject("z");
        for (String ordering : List.of("stream", "filter")) {
            sql.table(
                    ordering + "_order",
                    "id INT",
                    SqlFixture.from(server.url(), some),
                    SNAPSHOT,
                    BOUNDED,
                    "'scan.ordering' = '" + ordering + "'");
        }
        sql.table("nothing", "id INT", SqlFixture.from(server, empty), SNAPSHOT, BOUNDED);

        assertThat(ids(sql.rows("SELECT id FROM all_of_it")))
                .containsExactly(63, 64, 65, 66, 67, 68, 69, -1);
        assertThat(ids(sql.rows("SELECT id FROM stream_order"))).containsExactly(64, 66);
        assertThat(ids(sql.rows("SELECT id FROM filter_order"))).containsExactlyInAnyOrder(64, 66);
        assertThat(sql.rows("SELECT id FROM nothing")).isEmpty();
    }

    /** Whatever the snapshot is of, nothing is missing or there twice. */
    @Test
    void missesNothingBetweenTheSnapshotAndWhatComes(NatsServer server, TestStream stream) {
        int subjects = 40;
        int total = 12_000;
        publish(stream, subjects, 0, 6_000);
        sql.table("t", "id INT", SqlFixture.from(server, stream), SNAPSHOT);
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> publish(stream, subjects, 6_000, total));
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>();
        do {
            rows.addAll(query.next(1));
        } while (!Row.of(total - 1).equals(rows.get(rows.size() - 1)));
        writer.join();

        List<Integer> ids = ids(rows);
        assertThat(ids).isEqualTo(new ArrayList<>(new TreeSet<>(ids)));
        // Subjects take turns: the newest of each are those before the end of the snapshot.
        assertThat(ids).isEqualTo(range(total - ids.size(), total));
        assertThat(ids.size()).isGreaterThanOrEqualTo(subjects);
    }

    @Test
    void isExactAfterFailuresInTheMiddleOfTheSnapshot(NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, 300, 0, 900);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(Direction.FROM_SERVER, "MSG", stream.prefix(), 50).cut();
            proxy.on(Direction.FROM_SERVER, "MSG", stream.prefix(), 120).drop(2);
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    SNAPSHOT,
                    BOUNDED,
                    "'scan.fetch.max-messages' = '20'");

            assertThat(ids(sql.rows("SELECT id FROM t"))).isEqualTo(range(600, 900));
        }
    }

    @Test
    void goesOnInTheMiddleOfTheSnapshotFromASavepoint(
            NatsServer server, TestStream stream, @TempDir Path directory) throws Exception {
        String padding = "x".repeat(20_000);
        stream.publishMany(
                i -> "k" + i % 1_000,
                0,
                2_000,
                i -> "{\"id\": " + i + ", \"pad\": \"" + padding + "\"}");
        String[] options = {
            SqlFixture.from(server, stream), SNAPSHOT, "'scan.fetch.max-messages' = '10'"
        };
        sql.table("t", "id INT, pad STRING", options);
        SqlFixture.Running query = sql.start("SELECT id, pad FROM t");
        List<Row> rows = new ArrayList<>(query.next(1));
        String savepoint = savepoints.stop(query, directory, rows);
        int before = rows.size();
        assertThat(before).isLessThan(1_000);
        // One that was read and one that was not get newer messages.
        publish(stream, 1_000, 2_000, 2_001);
        publish(stream, 1_000, 2_999, 3_000);
        SqlFixture session = savepoints.restore(savepoint);
        session.table("t", "id INT, pad STRING", options);
        rows.addAll(session.start("SELECT id, pad FROM t").next(1_001 - before));

        // What was superseded before it was read is not shown any more.
        List<Integer> expected = range(1_000, 1_999);
        expected.add(2_000);
        expected.add(2_999);
        assertThat(ids(rows)).isEqualTo(expected);
    }

    // ------------------------------------------------------------------ the others

    @ParameterizedTest
    @CsvSource({"-1 day, 0", "-1 min, 0", "+1 day, 5"})
    void startsAtATimeOutsideOfTheStream(
            String when, int first, NatsServer server, TestStream stream) {
        publish(stream, 1, 0, 5);
        int seconds = when.endsWith("day") ? 86_400 : 60;
        Instant time = Instant.now().plusSeconds(when.startsWith("-") ? -seconds : seconds);
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'scan.startup.mode' = 'timestamp', 'scan.startup.timestamp' = '" + time + "'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        SqlFixture.awaitConsumers(server, stream, 1);
        publish(stream, 1, 5, 8);

        assertThat(ids(query.next(8 - first))).isEqualTo(range(first, 8));
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "5, 4", "7, 6", "11, 10", "13, 12"})
    void startsAtASequence(int sequence, int first, NatsServer server, TestStream stream) {
        publish(stream, 1, 0, 10);
        for (int gone = 1; gone <= 4; gone++) {
            stream.deleteMessage(gone);
        }
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'scan.startup.mode' = 'sequence', 'scan.startup.sequence' = '" + sequence + "'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        SqlFixture.awaitConsumers(server, stream, 1);
        publish(stream, 1, 10, 15);

        assertThat(ids(query.next(15 - first))).isEqualTo(range(first, 15));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'scan.startup.mode' = 'earliest'",
                "'scan.startup.mode' = 'latest'",
                SNAPSHOT,
                "'scan.startup.mode' = 'sequence', 'scan.startup.sequence' = '1'",
                "'scan.startup.mode' = 'timestamp', 'scan.startup.timestamp' = '2020-01-01'",
                "'scan.startup.mode' = 'timestamp', 'scan.startup.timestamp' = '2120-01-01T00:00Z'"
            })
    void startsInAnEmptyStream(String start, NatsServer server, TestStream stream) {
        sql.table("t", "id INT", SqlFixture.from(server, stream), start);
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        SqlFixture.awaitConsumers(server, stream, 1);
        publish(stream, 1, 0, 5);

        assertThat(ids(query.next(5))).isEqualTo(range(0, 5));
    }

    /** What comes while the job is down belongs to it, although it has read nothing before. */
    @ParameterizedTest
    @ValueSource(strings = {"latest", "earliest", "last-per-subject"})
    void keepsItsStartOverARestart(
            String mode, NatsServer server, TestStream stream, @TempDir Path directory)
            throws Exception {
        Map<String, Integer> first = new HashMap<>();
        first.put("latest", 10);
        first.put("earliest", 0);
        first.put("last-per-subject", 8);
        publish(stream, 2, 0, 10);
        String start = "'scan.startup.mode' = '" + mode + "'";
        sql.table("t", "id INT", SqlFixture.from(server, stream), start);
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        SqlFixture.awaitConsumers(server, stream, 1);
        List<Row> rows = new ArrayList<>(query.next(10 - first.get(mode)));
        String savepoint = savepoints.stop(query, directory, rows);
        publish(stream, 2, 10, 15);
        SqlFixture session = savepoints.restore(savepoint);
        session.table("t", "id INT", SqlFixture.from(server, stream), start);
        rows.addAll(session.start("SELECT id FROM t").next(5));

        assertThat(ids(rows)).isEqualTo(range(first.get(mode), 15));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
import org.junit.jupiter.params.provider.ValueSource;

/** A bounded read ends, whatever becomes of its end, and so does a query with LIMIT. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlEndITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final String PLAIN = "id INT";
    private static final String KEYED = "id INT, PRIMARY KEY (id) NOT ENFORCED";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @BeforeEach
    void prepare() {
        SqlSavepoints.prepare(sql);
    }

    private static void publish(TestStream stream, String suffix, int from, int to) {
        stream.publishMany(suffix, from, to, i -> "{\"id\": " + i + "}");
    }

    private static List<Integer> ids(Collection<Row> rows) {
        return rows.stream().map(row -> (Integer) row.getField(0)).collect(Collectors.toList());
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().collect(Collectors.toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, KEYED})
    void endsThoughTheTailIsGone(String columns, NatsServer server, TestStream stream) {
        publish(stream, "a", 0, 10);
        stream.deleteMessage(10);
        stream.deleteMessage(9);
        sql.table(
                "t",
                columns,
                SqlFixture.from(server, stream),
                "'scan.bounded.mode' = 'sequence', 'scan.bounded.sequence' = '10'");

        assertThat(ids(sql.rows("SELECT id FROM t")))
                .containsExactlyInAnyOrderElementsOf(range(0, 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, KEYED})
    void endsThoughTheTailBelongsToOthers(String columns, NatsServer server, TestStream stream) {
        publish(stream, "a", 0, 10);
        publish(stream, "b", 10, 5_000);
        publish(stream, "c", 5_000, 5_010);
        sql.table(
                "t",
                columns,
                SqlFixture.from(
                        server.url(),
                        stream.subject("a")
                                + ","
                                + stream.subject("c")
                                + ","
                                + stream.subject("x")),
                BOUNDED);
        sql.table("nothing", columns, SqlFixture.from(server.url(), stream.subject("x")), BOUNDED);
        publish(stream, "b", 5_010, 5_020);

        List<Integer> expected = range(0, 10);
        expected.addAll(range(5_000, 5_010));
        assertThat(ids(sql.rows("SELECT id FROM t"))).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(sql.rows("SELECT id FROM nothing")).isEmpty();
    }

    @Test
    void endsWithMoreReadersThanSplits(NatsServer server, TestStream stream) {
        publish(stream, "a", 0, 10);
        sql.table("t", PLAIN, SqlFixture.from(server, stream), BOUNDED, "'scan.parallelism' = '4'");

        assertThat(ids(sql.rows("SELECT id FROM t"))).isEqualTo(range(0, 10));
    }

    @Test
    void staysAtItsEndAfterARestore(NatsServer server, TestStream stream, @TempDir Path directory)
            throws Exception {
        publish(stream, "a", 0, 10);
        publish(stream, "b", 10, 20);
        String query = "SELECT id FROM ended UNION ALL SELECT id FROM live";
        SqlFixture session = sql;
        List<Row> rows = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            session.table(
                    "ended", PLAIN, SqlFixture.from(server.url(), stream.subject("a")), BOUNDED);
            session.table("live", PLAIN, SqlFixture.from(server.url(), stream.subject("b")));
            SqlFixture.Running running = session.start(query);
            rows.addAll(running.next(run == 0 ? 20 : 5));
            if (run == 0) {
                SqlFixture.awaitConsumers(server, stream, 1);
                String savepoint = savepoints.stop(running, directory, rows);
                publish(stream, "a", 30, 35);
                publish(stream, "b", 20, 25);
                session = savepoints.restore(savepoint);
            }
        }

        assertThat(ids(rows)).containsExactlyInAnyOrderElementsOf(range(0, 25));
    }

    // ------------------------------------------------------------------ LIMIT

    @ParameterizedTest
    @ValueSource(strings = {"'scan.bounded.mode' = 'unbounded'", BOUNDED})
    void stopsAtTheLimit(String end, NatsServer server, TestStream stream) {
        publish(stream, "a", 0, 10);
        stream.publish("a", "no json");
        sql.table("t", PLAIN, SqlFixture.from(server, stream), end);

        assertThat(ids(sql.rows("SELECT id FROM t LIMIT 10"))).isEqualTo(range(0, 10));
        assertThat(ids(sql.rows("SELECT id FROM t LIMIT 3"))).isEqualTo(range(0, 3));
        assertThat(sql.failure("SELECT id FROM t LIMIT 11"))
                .contains("Cannot decode the message with sequence 11");
    }

    /** None of the readers gets to the limit by itself, and one of them gets nothing at all. */
    @Test
    void stopsWhenTheReadersTogetherReachTheLimit(NatsServer server, TestStream stream) {
        publish(stream, "a", 0, 6);
        publish(stream, "b", 6, 10);
        sql.table(
                "t",
                PLAIN,
                SqlFixture.from(
                        server.url(),
                        stream.subject("a")
                                + ","
                                + stream.subject("b")
                                + ","
                                + stream.subject("c")),
                "'scan.parallelism' = '4'");

        assertThat(ids(sql.rows("SELECT id FROM t LIMIT 10")))
                .containsExactlyInAnyOrderElementsOf(range(0, 10));
    }

    @Test
    void leavesLimitsOfKeyedTablesToFlink(NatsServer server, TestStream stream) {
        for (int version = 0; version < 5; version++) {
            publish(stream, "a", 0, 4);
        }
        sql.table("t", KEYED, SqlFixture.from(server, stream), BOUNDED);

        assertThat(sql.rows("SELECT COUNT(*) FROM (SELECT id FROM t LIMIT 4)"))
                .last()
                .extracting(row -> row.getField(0))
                .isEqualTo(4L);
    }
}

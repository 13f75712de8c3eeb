// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subjects and streams that come and go while a job is down, and tables over several streams. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlChangeITCase {
    private static final String PLAIN = "id INT";
    private static final String KEYED = "id INT, PRIMARY KEY (id) NOT ENFORCED";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @TempDir Path directory;

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

    private static String from(NatsServer server, TestStream stream, String... suffixes) {
        List<String> subjects = new ArrayList<>();
        for (String suffix : suffixes) {
            subjects.add(stream.subject(suffix));
        }
        return SqlFixture.from(server.url(), String.join(",", subjects));
    }

    private static String streams(NatsServer server, TestStream... streams) {
        List<String> names = new ArrayList<>();
        for (TestStream stream : streams) {
            names.add(stream.name());
        }
        return "'nats.server-url' = '"
                + server.url()
                + "', 'nats.stream' = '"
                + String.join(", ", names)
                + "'";
    }

    /** Reads rows, stops, and returns the savepoint. */
    private String readAndStop(String columns, int count, String... options) throws Exception {
        sql.table("t", columns, options);
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>(query.next(count));
        String savepoint = savepoints.stop(query, directory, rows);
        assertThat(rows).hasSize(count);
        return savepoint;
    }

    private SqlFixture.Running goOn(String savepoint, String columns, String... options) {
        SqlFixture session = savepoints.restore(savepoint);
        session.table("t", columns, options);
        return session.start("SELECT id FROM t");
    }

    /** "a" goes, "b" stays, "c" and the wildcard come with their history. */
    @Test
    void readsSubjectsThatComeAndLeavesThoseThatGo(NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, "a", 0, 10);
        publish(stream, "b", 10, 20);
        publish(stream, "c", 20, 30);
        publish(stream, "d.x", 30, 35);
        String savepoint = readAndStop(PLAIN, 20, from(server, stream, "a", "b"));
        publish(stream, "a", 100, 110);
        publish(stream, "b", 35, 40);
        publish(stream, "d.y", 40, 45);

        SqlFixture.Running query = goOn(savepoint, PLAIN, from(server, stream, "b", "c", "d.*"));
        List<Row> rows = new ArrayList<>(query.next(25));
        publish(stream, "a", 110, 120);
        publish(stream, "d.z", 45, 50);
        rows.addAll(query.next(5));
        String second = savepoints.stop(query, directory, rows);
        assertThat(ids(rows)).containsExactlyInAnyOrderElementsOf(range(20, 50));

        // One that comes back starts anew, as if it had never been there.
        query = goOn(second, PLAIN, from(server, stream, "a", "b", "c", "d.*"));
        List<Integer> again = range(0, 10);
        again.addAll(range(100, 120));
        assertThat(ids(query.next(30))).isEqualTo(again);
    }

    @Test
    void endsWhatIsNewInABoundedTable(NatsServer server, TestStream stream) throws Exception {
        publish(stream, "a", 0, 10);
        publish(stream, "b", 10, 20);
        String bounded = "'scan.bounded.mode' = 'sequence', 'scan.bounded.sequence' = '25'";
        String savepoint = readAndStop(PLAIN, 10, from(server, stream, "a"), bounded);
        publish(stream, "a", 20, 30);

        SqlFixture.Running query = goOn(savepoint, PLAIN, from(server, stream, "a", "b"), bounded);
        assertThat(ids(query.rest())).containsExactlyInAnyOrderElementsOf(range(10, 25));
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, KEYED})
    void refusesSubjectsOfWhichAPartHasBeenRead(
            String columns, NatsServer server, TestStream stream) throws Exception {
        publish(stream, "a", 0, 10);
        String savepoint = readAndStop(columns, 10, from(server, stream, "a"));

        assertThat(goOn(savepoint, columns, from(server, stream, "*")).failure())
                .contains("Cannot go on from the restored state")
                .contains("'" + stream.subject("*") + "' are new and overlap")
                .contains("keep '" + stream.subject("a") + "'");
    }

    @Test
    void letsSubjectsJoinAKeyedTableOnlyWithoutTheirHistory(NatsServer server, TestStream stream)
            throws Exception {
        sql.set("table.exec.resource.default-parallelism", "1");
        publish(stream, "a", 0, 10);
        publish(stream, "b", 10, 20);
        publish(stream, "c", 20, 30);
        String savepoint = readAndStop(KEYED, 20, from(server, stream, "a", "b"));
        publish(stream, "a", 100, 110);
        publish(stream, "b", 30, 35);
        publish(stream, "c", 35, 40);

        assertThat(goOn(savepoint, KEYED, from(server, stream, "b", "c")).failure())
                .contains("the older messages of [" + stream.subject("c") + "] would come after")
                .contains("'scan.startup.mode' = 'latest'");
        SqlFixture.Running query =
                goOn(
                        savepoint,
                        KEYED,
                        from(server, stream, "b", "c"),
                        "'scan.startup.mode' = 'latest'");
        assertThat(ids(query.next(20))).containsExactlyInAnyOrderElementsOf(range(20, 40));
        query.job().cancel().get();
        // Without a subject, but with no new one.
        query = goOn(savepoint, KEYED, from(server, stream, "b"));
        assertThat(ids(query.next(5))).containsExactlyInAnyOrderElementsOf(range(30, 35));
    }

    @Test
    void refusesAnotherOrderOfSeveralSubjects(NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, "a", 0, 10);
        String from = from(server, stream, "a", "b");
        String savepoint = readAndStop(PLAIN, 10, from);

        assertThat(goOn(savepoint, PLAIN, from, "'scan.ordering' = 'stream'").failure())
                .contains("'scan.ordering' was 'filter' and is 'stream'")
                .contains("set it back");
    }

    // ------------------------------------------------------------------ several streams

    @Test
    @Covers(options = "nats.stream")
    void readsSeveralStreams(NatsServer server, TestStream one, TestStream two) throws Exception {
        publish(one, "a", 0, 10);
        publish(two, "a", 10, 20);
        publish(two, "b", 20, 30);
        String bounded = "'scan.bounded.mode' = 'latest'";
        String columns = "id INT, origin STRING METADATA FROM 'stream'";
        sql.table("all_of_it", columns, streams(server, one, two), bounded);
        String subjects = one.subject("a") + "," + two.subject("b");
        sql.table(
                "part",
                columns,
                streams(server, one, two),
                bounded,
                "'nats.subject' = '" + subjects + "'");

        List<Row> expected = new ArrayList<>();
        range(0, 10).forEach(id -> expected.add(Row.of(id, one.name())));
        range(20, 30).forEach(id -> expected.add(Row.of(id, two.name())));
        assertThat(sql.rows("SELECT * FROM part")).containsExactlyInAnyOrderElementsOf(expected);
        range(10, 20).forEach(id -> expected.add(Row.of(id, two.name())));
        assertThat(sql.rows("SELECT * FROM all_of_it"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** The same ids in both: the subject, and with it the key, tells the streams apart. */
    @Test
    @Covers(options = "nats.stream")
    void readsSeveralStreamsByAKeyThatNamesTheSubject(
            NatsServer server, TestStream one, TestStream two) throws Exception {
        sql.table(
                "t",
                "origin STRING, item STRING, id INT, PRIMARY KEY (origin, item) NOT ENFORCED",
                streams(server, one, two),
                "'scan.bounded.mode' = 'latest'",
                "'nats.subject' = '{origin}.{item}'");
        for (TestStream stream : List.of(one, two)) {
            publish(stream, "a", 0, 3);
            publish(stream, "b", 3, 6);
            publish(stream, "c", 6, 9);
        }
        two.publish("b", "");

        Set<Row> table = new HashSet<>();
        for (Row change : sql.rows("SELECT * FROM t")) {
            boolean goes =
                    change.getKind() == RowKind.DELETE || change.getKind() == RowKind.UPDATE_BEFORE;
            change.setKind(RowKind.INSERT);
            assertThat(goes ? table.remove(change) : table.add(change)).isTrue();
        }
        assertThat(table)
                .containsExactlyInAnyOrder(
                        Row.of(one.prefix(), "a", 2),
                        Row.of(one.prefix(), "b", 5),
                        Row.of(one.prefix(), "c", 8),
                        Row.of(two.prefix(), "a", 2),
                        Row.of(two.prefix(), "c", 8));
    }

    @Test
    void refusesStreamsAndSubjectsThatDoNotFit(
            NatsServer server, TestStream one, TestStream two, TestStream other) {
        sql.table(
                "strange",
                PLAIN,
                streams(server, one, two),
                "'nats.subject' = '"
                        + String.join(",", one.subject("a"), two.subject("a"), other.subject("a"))
                        + "'");
        sql.table(
                "useless",
                PLAIN,
                streams(server, one, two),
                "'nats.subject' = '" + one.subject("a") + "'");
        sql.table("keyed", KEYED, streams(server, one, two));
        sql.table(
                "found",
                PLAIN,
                SqlFixture.from(server.url(), one.subjects() + "," + two.subjects()));

        assertThat(sql.failure("SELECT id FROM strange"))
                .contains(
                        "Cannot read ["
                                + other.subject("a")
                                + "] from stream "
                                + one.name()
                                + ", "
                                + two.name())
                .contains("the stream carries only");
        assertThat(sql.failure("SELECT id FROM useless"))
                .contains("Cannot read [" + one.subject("a") + "] from stream " + two.name());
        assertThat(sql.failure("SELECT id FROM found")).contains("because several carry some");
        assertThatThrownBy(() -> sql.start("SELECT id FROM keyed"))
                .hasStackTraceContaining("'nats.stream' names the streams")
                .hasStackTraceContaining("Declare a table for each stream");
    }

    @Test
    void readsStreamsThatComeAndLeavesThoseThatGo(
            NatsServer server, TestStream one, TestStream two, TestStream three) throws Exception {
        publish(one, "a", 0, 10);
        publish(two, "a", 10, 20);
        publish(three, "a", 20, 30);
        String savepoint = readAndStop(PLAIN, 20, streams(server, one, two));
        publish(one, "a", 100, 110);
        publish(two, "a", 30, 40);

        SqlFixture.Running query = goOn(savepoint, PLAIN, streams(server, two, three));
        assertThat(ids(query.next(20))).containsExactlyInAnyOrderElementsOf(range(20, 40));
        publish(one, "a", 110, 120);
        publish(three, "a", 40, 45);
        assertThat(ids(query.next(5))).isEqualTo(range(40, 45));
    }
}

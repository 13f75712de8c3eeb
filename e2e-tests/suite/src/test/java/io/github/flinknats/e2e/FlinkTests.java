// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.BucketJoinStory;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The uber jar on a session cluster of real processes; a subclass says of which Flink. */
@ExtendWith(NatsServerExtension.class)
@OwnServer(users = "app:" + FlinkTests.PASSWORD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FlinkTests {

    static final String PASSWORD = "pass-that-nobody-may-see";

    /** From the start of a job that cannot work to its readable end. */
    private static final Duration FAILURE_LIMIT = Duration.ofSeconds(10);

    private final String version;
    private FlinkProcesses flink;

    /**
     * @param version a directory in {@code e2e-tests/flink}
     */
    FlinkTests(String version) {
        this.version = version;
    }

    @BeforeAll
    void startFlink() throws IOException {
        flink = FlinkProcesses.start(version, "tm-0", "tm-1");
    }

    @AfterAll
    void stopFlink() {
        if (flink != null) {
            flink.close();
        }
    }

    @AfterEach
    void noSecretWasLogged() throws IOException {
        for (Map.Entry<String, String> log : flink.everythingLogged().entrySet()) {
            assertThat(log.getValue())
                    .as("%s of Flink %s", log.getKey(), version)
                    .doesNotContain(PASSWORD);
        }
    }

    // ---- the SQL client ----------------------------------------------------------------------

    @Test
    void clientReadsATableThatItsJarOptionBrings(NatsServer server, TestStream stream)
            throws Exception {
        writeOrders(stream);

        String printed = flink.client(readOrders(server, stream), "-j", Build.uberJar().toString());

        assertThat(changes(printed)).as(printed).isEqualTo(ORDER_CHANGES);
    }

    @Test
    void clientReadsATableThatAddJarBrings(NatsServer server, TestStream stream) throws Exception {
        writeOrders(stream);

        String printed =
                flink.client("ADD JAR '" + Build.uberJar() + "';\n" + readOrders(server, stream));

        assertThat(changes(printed)).as(printed).isEqualTo(ORDER_CHANGES);
    }

    private static final List<String> ORDER_CHANGES =
            List.of(
                    "+I 1 new",
                    "+I 2 new",
                    "-U 1 new",
                    "+U 1 paid",
                    "+I 3 new",
                    "-U 2 new",
                    "+U 2 cancelled");

    private static void writeOrders(TestStream stream) {
        stream.publish("eu.1", "{\"id\": 1, \"status\": \"new\"}");
        stream.publish("us.2", "{\"id\": 2, \"status\": \"new\"}");
        stream.publish("eu.1", "{\"id\": 1, \"status\": \"paid\"}");
        stream.publish("eu.3", "{\"id\": 3, \"status\": \"new\"}");
        stream.publish("us.2", "{\"id\": 2, \"status\": \"cancelled\"}");
    }

    private static String readOrders(NatsServer server, TestStream stream) {
        int nobody = Ports.free(1)[0];
        return "SET 'sql-client.execution.result-mode' = 'tableau';\n"
                + "CREATE TABLE orders (id BIGINT, status STRING, PRIMARY KEY (id) NOT ENFORCED)"
                + " WITH ('connector' = 'nats',"
                + " 'nats.server_url' = 'nats://127.0.0.1:"
                + nobody
                + ","
                + server.url()
                + "',"
                + " 'nats.subject' = '"
                + stream.subject("*.*")
                + "', 'nats.user' = 'app', 'nats.password' = '"
                + PASSWORD
                + "', 'format' = 'json', 'scan.bounded.mode' = 'latest');\n"
                + "SELECT * FROM orders;\n";
    }

    /** The rows of the client's table, as "op column column". */
    private static List<String> changes(String printed) {
        return printed.lines()
                .filter(line -> line.matches("\\| *[+-][IUD] .*"))
                .map(line -> line.replaceAll("[ |]+", " ").strip())
                .collect(Collectors.toList());
    }

    // ---- exactness ---------------------------------------------------------------------------

    @Test
    void rowsAreExactWhenTaskManagerAndServerAreKilled(NatsServer server, TestStream stream)
            throws Exception {
        SinkFiles files = new SinkFiles(flink.directory().resolve("failover"));
        Writer writer = Writer.start(server, stream, "a");
        SqlSession sql = tables(server, stream.subject("a"), files);
        Job job = sql.insert("INSERT INTO sunk SELECT id FROM numbers");
        files.awaitCount(500);

        String victim = job.sourceTaskManager();
        flink.kill(victim);
        flink.launchTaskManager(victim); // for the tests after this one
        writer.awaitMore(500);
        files.awaitCount(writer.written());
        assertThat(job.restoredCheckpoints()).isPositive();

        int restored = job.restoredCheckpoints();
        server.kill();
        server.restart();
        writer.awaitMore(500);
        int count = writer.stop();
        files.awaitCount(count);

        job.awaitNextCheckpoint();
        assertThat(files.numbers()).isEqualTo(everyNumberOnce(count));
        assertThat(job.restoredCheckpoints())
                .as("the reader outlived the server")
                .isEqualTo(restored);
        job.cancel();
        flink.awaitSlots(2 * FlinkProcesses.SLOTS);
    }

    @Test
    void rowsAreExactWhenTheJobGoesOnAtAnotherParallelism(NatsServer server, TestStream stream)
            throws Exception {
        SinkFiles files = new SinkFiles(flink.directory().resolve("rescale"));
        Writer writer = Writer.start(server, stream, "a", "b", "c", "d");
        String subjects =
                Stream.of("a", "b", "c", "d").map(stream::subject).collect(Collectors.joining(","));
        SqlSession sql = tables(server, subjects, files);
        sql.set("parallelism.default", 2);
        Job first = sql.insert("INSERT INTO sunk SELECT id FROM numbers");
        files.awaitCount(500);
        String savepoint = first.stopWithSavepoint();
        writer.awaitMore(200);

        sql.set("execution.state-recovery.path", savepoint).set("parallelism.default", 4);
        Job second = sql.insert("INSERT INTO sunk SELECT id FROM numbers");
        writer.awaitMore(500);
        int count = writer.stop();
        files.awaitCount(count);

        second.awaitNextCheckpoint();
        assertThat(files.numbers()).isEqualTo(everyNumberOnce(count));
        assertThat(List.of(first.sourceParallelism(), second.sourceParallelism()))
                .containsExactly(2, 4);
        assertThat(second.restoredCheckpoints()).isEqualTo(1);
        second.cancel();
    }

    /**
     * One job copies, is killed in between, stops with a savepoint and goes on from it. For the
     * oldest and the newest version.
     */
    final void rowsAreWrittenOnceAcrossAFailureAndASavepoint(NatsServer server, TestStream stream)
            throws Exception {
        TestStream copies = TestStream.create(server, builder -> builder.allowAtomicPublish());
        Writer writer = Writer.start(server, stream, "a");
        SqlSession sql = SqlSession.open(flink);
        sql.set("parallelism.default", 1);
        sql.execute(numbersTable(server.url(), stream.subject("a"), PASSWORD));
        sql.execute(
                numbersTable(
                                server.url(),
                                copies.subject("a"),
                                PASSWORD,
                                "'sink.delivery-guarantee' = 'exactly-once'",
                                "'sink.id' = 'copies'")
                        .replace("TABLE numbers", "TABLE copies"));
        Job first = sql.insert("INSERT INTO copies SELECT id FROM numbers");
        awaitCopied(copies, 200);

        for (String consumer : stream.management().getConsumerNames(stream.name())) {
            stream.keepConsumer(consumer); // Who is killed cannot delete it.
        }
        String victim = first.sourceTaskManager();
        flink.kill(victim);
        flink.launchTaskManager(victim); // for the tests after this one
        writer.awaitMore(500);
        awaitCopied(copies, writer.written());
        assertThat(first.restoredCheckpoints()).isPositive();

        String savepoint = first.stopWithSavepoint();
        writer.awaitMore(200);
        sql.set("execution.state-recovery.path", savepoint);
        Job second = sql.insert("INSERT INTO copies SELECT id FROM numbers");
        int count = writer.stop();
        awaitCopied(copies, count);
        second.awaitNextCheckpoint();
        Numbers.of(copies, server.connect("app", PASSWORD)).assertEveryOneOnceAndInOrder(count);
        second.cancel();
        flink.awaitSlots(2 * FlinkProcesses.SLOTS);
    }

    private static void awaitCopied(TestStream copies, long count) {
        Await.until(
                count + " copies",
                Duration.ofSeconds(90),
                () -> copies.lastSequence() >= count,
                () -> copies.lastSequence() + " copies");
    }

    private SqlSession tables(NatsServer server, String subjects, SinkFiles files)
            throws Exception {
        SqlSession sql = SqlSession.open(flink);
        sql.execute(numbersTable(server.url(), subjects, PASSWORD, "'scan.ordering' = 'filter'"));
        sql.execute("CREATE TABLE sunk (id BIGINT) " + files.options());
        return sql;
    }

    private static String numbersTable(
            String url, String subjects, String password, String... options) {
        List<String> all = new ArrayList<>();
        all.add("'connector' = 'nats'");
        all.add("'nats.server-url' = '" + url + "'");
        all.add("'nats.subject' = '" + subjects + "'");
        all.add("'nats.user' = 'app'");
        all.add("'nats.password' = '" + password + "'");
        all.add("'format' = 'json'");
        all.addAll(Arrays.asList(options));
        return "CREATE TABLE numbers (id BIGINT) WITH (" + String.join(", ", all) + ")";
    }

    private static List<Long> everyNumberOnce(int count) {
        return LongStream.range(0, count).boxed().collect(Collectors.toList());
    }

    // ---- changes -----------------------------------------------------------------------------

    @Test
    void changesAreRightWhateverThePlannerMakesOfThem(NatsServer server, TestStream stream)
            throws Exception {
        PlannerTraps traps = new PlannerTraps(SqlSession.open(flink), server, stream);
        traps.deletionsAreRight(!List.of("1.20", "2.0").contains(version));
        traps.predicatesLetDeletionsThrough(version.equals("2.3"));
        traps.appendedRowsReachAKey();
    }

    @Test
    void optionsArePrintedAsTheGuideSays() throws Exception {
        PrintedOptions options = new PrintedOptions(SqlSession.open(flink));
        options.misspeltOptionsAreAnsweredWithTheRightOnes();
        options.secretsArePrintedWhereTheGuideSaysSo();
    }

    /** The example of the documentation, for the oldest and the newest version. */
    final void bucketJoinFollowsChangesFromOutside(NatsServer server) throws Exception {
        try (BucketJoinStory story = BucketJoinStory.begin(server)) {
            Job first = bucketJoin(SqlSession.open(flink), server);
            story.untilTheSavepoint();
            String savepoint = first.stopWithSavepoint();
            story.whileItIsDown();
            SqlSession restored = SqlSession.open(flink);
            restored.set("execution.state-recovery.path", savepoint);
            Job second = bucketJoin(restored, server);
            story.afterTheSavepoint();
            second.cancel();
        }
    }

    private static Job bucketJoin(SqlSession sql, NatsServer server) throws Exception {
        List<String> statements =
                BucketJoinStory.statements(
                        Build.root(),
                        "'nats.server-url' = '"
                                + server.url()
                                + "', 'nats.user' = 'app', 'nats.password' = '"
                                + PASSWORD
                                + "'");
        int last = statements.size() - 1;
        for (String statement : statements.subList(0, last)) {
            sql.execute(statement);
        }
        return sql.insert(statements.get(last));
    }

    // ---- readable failures -------------------------------------------------------------------

    @Test
    void wrongPasswordFailsTheJobWithAReason(NatsServer server, TestStream stream)
            throws Exception {
        String wrong = "not-" + PASSWORD;

        Job job = doomed(numbersTable(server.url(), stream.subjects(), wrong));

        assertThat(job.exceptions())
                .contains("Cannot log in to " + server.url(), "'nats.password'")
                .containsIgnoringCase("the server says: authorization violation")
                .doesNotContain(PASSWORD);
    }

    @Test
    void deadServerFailsTheJobWithAReason(TestStream stream) throws Exception {
        String nobody = "127.0.0.1:" + Ports.free(1)[0];

        Job job = doomed(numbersTable("nats://" + nobody, stream.subjects(), PASSWORD));

        assertThat(job.exceptions())
                .contains("Cannot connect to nats://" + nobody, "'nats.server-url'")
                .containsIgnoringCase("because connection refused")
                .doesNotContain(PASSWORD);
    }

    @Test
    void silentServerFailsTheJobWithAReason(NatsServer server, TestStream stream) throws Exception {
        server.pause();

        Job job = doomed(numbersTable(server.url(), stream.subjects(), PASSWORD));

        assertThat(job.exceptions())
                .contains("Cannot connect to " + server.url(), "within 4 s")
                .contains("because it did not answer in time")
                .doesNotContain(PASSWORD);
        server.resume();
    }

    /** A job that is not restarted and fails within the limit. */
    private Job doomed(String table) throws Exception {
        SqlSession sql = SqlSession.open(flink).set("restart-strategy.type", "disable");
        sql.execute(table);
        sql.execute("CREATE TABLE nowhere (id BIGINT) WITH ('connector' = 'blackhole')");
        Job job = sql.insert("INSERT INTO nowhere SELECT id FROM numbers");
        job.awaitState("FAILED", FAILURE_LIMIT);
        return job;
    }
}

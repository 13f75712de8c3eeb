// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.PurgeOptions;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

/** Messages that are gone before they were read are never passed over in silence. */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(300)
class SqlDataLossITCase {
    private static final String PLAIN = "id INT";
    private static final String KEYED = "id INT, PRIMARY KEY (id) NOT ENFORCED";
    private static final String FAIL = "'scan.on-data-loss' = 'fail'";
    private static final String CONTINUE = "'scan.on-data-loss' = 'continue'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @TempDir Path directory;

    @BeforeEach
    void prepare() {
        SqlSavepoints.prepare(sql);
        sql.set("table.exec.resource.default-parallelism", "1"); // Keeps the order of keyed rows.
    }

    private static void publish(TestStream stream, int from, int to) {
        stream.publishMany("a", from, to, i -> "{\"id\": " + i + "}");
    }

    private static List<Row> rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(Row::of).collect(Collectors.toList());
    }

    /** Reads what there is, and stops. */
    private String readAndStop(NatsServer server, TestStream stream, String columns, int count)
            throws Exception {
        sql.table("t", columns, SqlFixture.from(server, stream));
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>(query.next(count));
        String savepoint = savepoints.stop(query, directory, rows);
        assertThat(rows).isEqualTo(rows(0, count));
        return savepoint;
    }

    private SqlFixture.Running goOn(
            String savepoint, String from, String columns, String onDataLoss) {
        SqlFixture session = savepoints.restore(savepoint);
        session.set("table.exec.resource.default-parallelism", "1");
        session.table("t", columns, from, onDataLoss);
        return session.start("SELECT id FROM t");
    }

    private void assertLoss(
            String savepoint,
            NatsServer server,
            TestStream stream,
            String columns,
            String... reasons) {
        String from = SqlFixture.from(server, stream);
        assertThat(goOn(savepoint, from, columns, FAIL).failure())
                .contains("Cannot go on reading stream " + stream.name())
                .contains("'scan.on-data-loss'")
                .contains(reasons);
        assertThat(goOn(savepoint, from, columns, "'scan.startup.mode' = 'earliest'").failure())
                .as("by default")
                .contains("'scan.on-data-loss'");
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, KEYED})
    void noticesWhatExpiredWhileTheJobWasDown(String columns, NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, 0, 10);
        String savepoint = readAndStop(server, stream, columns, 10);
        publish(stream, 10, 20);
        stream.management().purgeStream(stream.name(), PurgeOptions.builder().keep(3).build());

        assertLoss(
                savepoint,
                server,
                stream,
                columns,
                "the job wants sequence 11 next, but the first one available is 18");
        SqlFixture.Running query =
                goOn(savepoint, SqlFixture.from(server, stream), columns, CONTINUE);
        assertThat(query.next(3)).isEqualTo(rows(17, 20));
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, KEYED})
    void noticesAStreamThatWasMadeAgain(String columns, NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, 0, 10);
        String savepoint = readAndStop(server, stream, columns, 10);
        for (int count : new int[] {3, 30}) {
            makeAgain(stream);
            publish(stream, 100, 100 + count);

            assertLoss(
                    savepoint,
                    server,
                    stream,
                    columns,
                    "the stream was made again at ",
                    "and has the sequences 1 to " + count + "; the job wants sequence 11");
            SqlFixture.Running query =
                    goOn(savepoint, SqlFixture.from(server, stream), columns, CONTINUE);
            assertThat(query.next(count)).isEqualTo(rows(100, 100 + count));
            query.job().cancel().get();
        }
    }

    private static void makeAgain(TestStream stream) throws Exception {
        StreamConfiguration configuration = stream.info().getConfiguration();
        stream.management().deleteStream(stream.name());
        stream.management().addStream(configuration);
    }

    @Test
    void goesOnFromACheckpointOfTheStreamThatWasMadeAgain(NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, 0, 10);
        String savepoint = readAndStop(server, stream, PLAIN, 10);
        makeAgain(stream);
        publish(stream, 100, 105);
        String from = SqlFixture.from(server, stream);
        SqlFixture.Running query = goOn(savepoint, from, PLAIN, CONTINUE);
        List<Row> rows = new ArrayList<>(query.next(5));
        String second = savepoints.stop(query, directory, rows);
        publish(stream, 105, 110);
        rows.addAll(goOn(second, from, PLAIN, FAIL).next(5));

        assertThat(rows).isEqualTo(rows(100, 110));
    }

    @Test
    void saysThatAStreamIsMissingOrWaitsForIt(NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, 0, 10);
        String savepoint = readAndStop(server, stream, PLAIN, 10);
        StreamConfiguration configuration = stream.info().getConfiguration();
        stream.management().deleteStream(stream.name());

        assertLoss(
                savepoint,
                server,
                stream,
                PLAIN,
                "the stream does not exist any more; the job wants its sequence 11 next");
        SqlFixture.Running query =
                goOn(savepoint, SqlFixture.from(server, stream), PLAIN, CONTINUE);
        stream.management().addStream(configuration);
        publish(stream, 100, 103);
        assertThat(query.next(3)).isEqualTo(rows(100, 103));
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, KEYED})
    void noticesAStreamThatWasSetBack(String columns, NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, 0, 5);
        Path backup = directory.resolve("backup");
        server.stop();
        copy(server.storeDir(), backup);
        server.restart();
        publish(stream, 5, 10);
        String savepoint = readAndStop(server, stream, columns, 10);
        server.stop();
        delete(server.storeDir());
        copy(backup, server.storeDir());
        server.restart();
        assertThat(stream.lastSequence()).isEqualTo(5);
        publish(stream, 100, 102);

        assertLoss(
                savepoint,
                server,
                stream,
                columns,
                "the job wants sequence 11 next of a stream that was set back: it has the sequences"
                        + " 1 to 7, and other messages than those that were read from 6 on");
        publish(stream, 102, 120);
        assertLoss(
                savepoint,
                server,
                stream,
                columns,
                "it has the sequences 1 to 25, and other messages than those that were read from 6");
        SqlFixture.Running query =
                goOn(savepoint, SqlFixture.from(server, stream), columns, CONTINUE);
        assertThat(query.next(20)).isEqualTo(rows(100, 120));
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !file.equals(folder))
                    .forEach(
                            file -> {
                                try {
                                    Files.delete(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
    }

    /** The reader is held up by rows that nobody takes, so that the purge overtakes it. */
    @ParameterizedTest
    @ValueSource(strings = {FAIL, CONTINUE})
    void noticesAPurgeUnderTheReader(String onDataLoss, NatsServer server, TestStream stream)
            throws Exception {
        int count = 10_000;
        String padding = "x".repeat(2_000);
        stream.publishMany("a", 0, count, i -> "{\"id\": " + i + ", \"pad\": \"" + padding + "\"}");
        sql.table(
                "t",
                "id INT, pad STRING",
                SqlFixture.from(server, stream),
                onDataLoss,
                "'scan.fetch.max-messages' = '10'");
        SqlFixture.Running query = sql.start("SELECT id, pad FROM t");
        List<Row> rows = new ArrayList<>(query.next(1));
        long unread = awaitStandstill(stream);
        assertThat(unread).isPositive();
        stream.purge();
        stream.publishMany(
                "a", count, count + 5, i -> "{\"id\": " + i + ", \"pad\": \"" + padding + "\"}");

        if (onDataLoss.equals(FAIL)) {
            assertThat(query.failure())
                    .contains("the first one available is " + (count + 1))
                    .contains("'scan.on-data-loss'");
            return;
        }
        int read = count - (int) unread;
        rows.addAll(query.next(read + 5 - 1));
        List<Integer> ids =
                rows.stream().map(row -> (Integer) row.getField(0)).collect(Collectors.toList());
        List<Integer> expected = IntStream.range(0, read).boxed().collect(Collectors.toList());
        IntStream.range(count, count + 5).forEach(expected::add);
        assertThat(ids).isEqualTo(expected);
    }

    /** How many messages the one consumer has still to deliver once that stays the same. */
    private static long awaitStandstill(TestStream stream) {
        long[] last = {-1, 0};
        Await.until(
                "the reader stands still",
                Duration.ofSeconds(30),
                () -> {
                    long pending =
                            stream.management().getConsumers(stream.name()).stream()
                                    .mapToLong(consumer -> consumer.getNumPending())
                                    .sum();
                    last[1] = pending == last[0] ? last[1] + 1 : 0;
                    last[0] = pending;
                    return last[1] > 40;
                });
        return last[0];
    }

    @Test
    void endsThoughAllIsPurgedWhileItReads(NatsServer server, TestStream stream) throws Exception {
        String padding = "x".repeat(2_000);
        stream.publishMany(
                "a", 0, 10_000, i -> "{\"id\": " + i + ", \"pad\": \"" + padding + "\"}");
        sql.table(
                "t",
                "id INT, pad STRING",
                SqlFixture.from(server, stream),
                CONTINUE,
                "'scan.fetch.max-messages' = '10', 'scan.bounded.mode' = 'latest'");
        SqlFixture.Running query = sql.start("SELECT id, pad FROM t");
        query.next(1);
        long unread = awaitStandstill(stream);
        stream.purge();

        assertThat(query.rest()).hasSize(10_000 - (int) unread - 1);
    }

    @Test
    @Covers(options = "scan.on-data-loss")
    void reportsNothingThatIsNoLoss(NatsServer server, TestStream stream) throws Exception {
        publish(stream, 0, 10);
        sql.table(
                "t",
                PLAIN,
                SqlFixture.from(server.url(), stream.subject("a")),
                "'scan.on-data-loss' = 'fail'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>(query.next(10));
        // Others' messages come and go, and some that were read are deleted.
        stream.publishMany("b", 0, 50, i -> "{\"id\": " + i + "}");
        stream.management().purgeStream(stream.name(), PurgeOptions.subject(stream.subject("b")));
        stream.deleteMessage(3);
        publish(stream, 10, 12);
        rows.addAll(query.next(2));
        stream.deleteMessage(62);
        publish(stream, 12, 15);
        rows.addAll(query.next(3));
        stream.management().purgeStream(stream.name(), PurgeOptions.builder().keep(1).build());
        publish(stream, 15, 20);
        rows.addAll(query.next(5));
        String savepoint = savepoints.stop(query, directory, rows);
        stream.deleteMessage(stream.publish("b", "{}"));
        publish(stream, 20, 22);
        rows.addAll(
                goOn(savepoint, SqlFixture.from(server.url(), stream.subject("a")), PLAIN, FAIL)
                        .next(2));

        assertThat(rows).isEqualTo(rows(0, 22));
    }

    @Test
    void takesNoLimitPerSubjectForALoss(NatsServer server, TestStream other) throws Exception {
        TestStream stream =
                TestStream.create(
                        server, builder -> builder.name("LIMITED").maxMessagesPerSubject(1));
        stream.publishMany(i -> "k" + i % 3, 0, 30, i -> "{\"id\": " + i + "}");
        sql.table("t", PLAIN, SqlFixture.from(server, stream), FAIL);
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>(query.next(3));
        String savepoint = savepoints.stop(query, directory, rows);
        stream.publishMany(i -> "k" + i % 3, 30, 60, i -> "{\"id\": " + i + "}");
        rows.addAll(goOn(savepoint, SqlFixture.from(server, stream), PLAIN, FAIL).next(3));

        assertThat(rows).extracting(row -> row.getField(0)).containsExactly(27, 28, 29, 57, 58, 59);
    }
}

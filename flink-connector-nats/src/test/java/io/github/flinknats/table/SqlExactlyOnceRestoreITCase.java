// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.Fault;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs that end around a commit and are started again from their state, when the duplicate window
 * has passed: it is a tenth of a second.
 */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlExactlyOnceRestoreITCase {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ROWS = SqlCopies.ROWS;

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @TempDir Path directory;

    private SqlCopies copies;

    @BeforeEach
    void copies() {
        copies = new SqlCopies(directory);
    }

    private static TestStream output(NatsServer server, boolean atomic) {
        return TestStream.create(
                server,
                builder -> {
                    builder.duplicateWindow(Duration.ofMillis(100));
                    if (atomic) {
                        builder.allowAtomicPublish();
                    }
                });
    }

    private static void assertWritten(TestStream output, int last) {
        SqlFixture.awaitAtLeast(output, last);
        assertThat(output.payloads().stream().filter(payload -> !payload.equals("else")))
                .containsExactlyElementsOf(SqlSinkITCase.payloads(1, last));
    }

    /** The job goes on, and what it writes then is written once, too. */
    private void goOn(
            String state, NatsServer server, TestStream input, TestStream output, int last) {
        SqlFixture session = savepoints.restore(state);
        TableResult unused =
                copies.copy(
                        session,
                        server,
                        input,
                        SqlFixture.from(server.url(), output.subject("a")),
                        1);
        SqlCopies.publish(input, last + 1, last + 10);
        String written = "{\"id\":" + (last + 10) + "}";
        Await.until("the last row is written", LIMIT, () -> output.payloads().contains(written));
        assertWritten(output, last + 10);
    }

    /** The checkpoint is complete, nothing is sent. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killedBeforeTheCommit(boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        killedWhenMessagesAreSent(0, atomic, server, input);
    }

    /** A part of the messages has arrived: of a batch, this is nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killedInTheMiddleOfTheCommit(boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        killedWhenMessagesAreSent(ROWS / 2, atomic, server, input);
    }

    private void killedWhenMessagesAreSent(
            int count, boolean atomic, NatsServer server, TestStream input) throws Exception {
        TestStream output = output(server, atomic);
        String state = copies.killedWhenMessagesAreSent(count, sql, server, input, output);
        assertThat(output.lastSequence()).isEqualTo(atomic ? 0 : count);
        goOn(state, server, input, output, ROWS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killedBeforeTheCommitIsAcknowledged(boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        TestStream output = output(server, atomic);
        String state = copies.killedBeforeTheAnswers(sql, server, input, output, 1);
        goOn(state, server, input, output, ROWS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killedAfterTheCommit(boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        TestStream output = output(server, atomic);
        SqlCopies.publish(input, 1, ROWS);
        copies.copy(sql, server, input, SqlFixture.from(server.url(), output.subject("a")), 1);
        assertWritten(output, ROWS);
        sql.cancelAll();
        goOn(copies.checkpoint(), server, input, output, ROWS);
    }

    /** Only when what was restored is committed, a savepoint can be made. */
    private String stop(TableResult running) throws Exception {
        JobClient job = running.getJobClient().orElseThrow();
        AtomicReference<String> savepoint = new AtomicReference<>();
        Await.until(
                "the job has stopped",
                LIMIT,
                () -> {
                    try {
                        savepoint.set(
                                job.stopWithSavepoint(
                                                false,
                                                directory.toUri().toString(),
                                                SavepointFormatType.CANONICAL)
                                        .get());
                        return true;
                    } catch (ExecutionException e) {
                        return false; // It is still starting.
                    }
                });
        return savepoint.get();
    }

    /** What others wrote in between is read past. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void restoredMuchLaterAndTwice(boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        TestStream output = output(server, atomic);
        SqlCopies.publish(input, 1, ROWS);
        TableResult writing =
                copies.copy(
                        sql, server, input, SqlFixture.from(server.url(), output.subject("a")), 1);
        SqlFixture.awaitLast(output, ROWS);
        String savepoint = stop(writing);
        output.publishMany("b", 0, 5_000, i -> "else");
        for (int time = 1; time <= 2; time++) {
            SqlFixture session = savepoints.restore(savepoint);
            stop(
                    copies.copy(
                            session,
                            server,
                            input,
                            SqlFixture.from(server.url(), output.subject("a")),
                            1));
        }
        assertThat(output.lastSequence()).isEqualTo(ROWS + 5_000);
        goOn(savepoint, server, input, output, ROWS);
    }

    /** Three writers' commits are carried out by two. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rescaledWithPendingCommits(boolean stored, NatsServer server, TestStream input)
            throws Exception {
        TestStream output = output(server, true);
        String state;
        if (stored) {
            state = copies.killedBeforeTheAnswers(sql, server, input, output, 3);
        } else {
            SqlCopies.publish(input, 1, ROWS);
            try (FaultProxy proxy = FaultProxy.start(server)) {
                Fault sent = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), 0).hold();
                copies.copy(
                        sql, server, input, SqlFixture.from(proxy.url(), output.subject("a")), 3);
                sent.awaitReached(LIMIT);
                proxy.refuse(true);
                proxy.cutAll();
                sql.cancelAll();
            }
            state = copies.checkpoint();
        }
        SqlFixture session = savepoints.restore(state);
        copies.copy(session, server, input, SqlFixture.from(server.url(), output.subject("a")), 2);
        SqlCopies.publish(input, ROWS + 1, ROWS + 10);
        SqlFixture.awaitAtLeast(output, ROWS + 10);
        assertThat(output.payloads())
                .containsExactlyInAnyOrderElementsOf(SqlSinkITCase.payloads(1, ROWS + 10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatTheStreamWasPurged(boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        TestStream output = output(server, atomic);
        String state = copies.killedBeforeTheAnswers(sql, server, input, output, 1);
        output.purge();
        assertThat(copies.failure(savepoints.restore(state), server, input, output))
                .contains(
                        "Cannot tell whether a checkpoint was committed to stream "
                                + output.name()
                                + " on "
                                + server.url()
                                + ", because "
                                + ROWS
                                + " of its messages are not in the stream, and messages behind"
                                + " sequence 0 were removed from it");
        assertThat(output.payloads()).isEmpty();
    }

    @Test
    void saysThatTheStreamWasMadeAgain(NatsServer server, TestStream input) throws Exception {
        TestStream output = output(server, true);
        String state = copies.killedBeforeTheAnswers(sql, server, input, output, 1);
        StreamConfiguration configuration = output.info().getConfiguration();
        output.management().deleteStream(output.name());
        output.management().addStream(configuration);
        assertThat(copies.failure(savepoints.restore(state), server, input, output))
                .contains("because the stream was deleted and made again since.");
        assertThat(output.payloads()).isEmpty();
    }

    /** What was on its way when the job was killed arrives when the job goes on. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsOutWhatArrivesLate(boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        TestStream output =
                TestStream.create(
                        server,
                        builder -> {
                            if (atomic) {
                                builder.allowAtomicPublish();
                            }
                        });
        SqlCopies.publish(input, 1, ROWS);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            Fault sent = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), ROWS / 2).hold();
            copies.copy(sql, server, input, SqlFixture.from(proxy.url(), output.subject("a")), 1);
            sent.awaitReached(LIMIT);
            sql.cancelAll();
            SqlFixture session = savepoints.restore(copies.checkpoint());
            copies.copy(
                    session, server, input, SqlFixture.from(server.url(), output.subject("a")), 1);
            assertWritten(output, ROWS);
            sent.release();
            SqlCopies.publish(input, ROWS + 1, ROWS + 10);
            assertWritten(output, ROWS + 10);
            Await.until("the old connections end", LIMIT, () -> proxy.connections() == 0);
        }
        assertWritten(output, ROWS + 10);
    }

    @Test
    void restoresAfterAFailure(NatsServer server, TestStream input) throws Exception {
        TestStream output = output(server, true);
        SqlCopies.publish(input, 1, ROWS);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            sql.restartJobs("200 ms");
            Fault sent = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), 0).hold();
            sql.table("source", "id INT", SqlFixture.from(server, input));
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), output.subject("a")),
                    SqlExactlyOnceITCase.EXACTLY_ONCE,
                    "'nats.request-timeout' = '200 ms'",
                    "'nats.outage-timeout' = '1 s'",
                    "'sink.parallelism' = '1'");
            JobClient job =
                    sql.execute("INSERT INTO t SELECT id FROM source").getJobClient().orElseThrow();
            sent.awaitReached(LIMIT);
            proxy.refuse(true);
            proxy.cutAll();
            Await.until(
                    "the job restarts",
                    LIMIT,
                    () -> job.getJobStatus().get() == JobStatus.RESTARTING);
            proxy.refuse(false);
            assertWritten(output, ROWS);
            SqlCopies.publish(input, ROWS + 1, ROWS + 10);
            assertWritten(output, ROWS + 10);
        }
    }
}

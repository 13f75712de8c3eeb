// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.Fault;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row is written once, and in order, whatever breaks while the job runs. */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(180)
class SqlExactlyOnceFaultsITCase {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ROWS = 20_000;

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private static TestStream output(NatsServer server, boolean atomic) {
        return atomic ? SqlExactlyOnceITCase.atomic(server) : TestStream.create(server);
    }

    private TableResult writeRows(String url, TestStream output, String outage) {
        sql.restartJobs("200 ms");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(url, output.subject("a")),
                SqlExactlyOnceITCase.EXACTLY_ONCE,
                "'nats.request-timeout' = '1 s'",
                "'nats.outage-timeout' = '" + outage + "'",
                "'sink.parallelism' = '1'");
        sql.execute(
                "CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen',"
                        + " 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',"
                        + " 'fields.id.end' = '"
                        + ROWS
                        + "', 'rows-per-second' = '10000', 'scan.parallelism' = '1')");
        return sql.execute("INSERT INTO t SELECT id FROM numbers");
    }

    private static void assertWritten(TestStream output) {
        assertThat(output.payloads()).isEqualTo(SqlSinkITCase.payloads(1, ROWS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theServerIsKilledAndComesBack(boolean atomic, NatsServer server) throws Exception {
        TestStream output = output(server, atomic);
        TableResult writing = writeRows(server.url(), output, "1 min");
        SqlFixture.awaitAtLeast(output, 3_000);
        server.kill();
        server.restart();
        writing.await();
        assertWritten(output);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectionsBreakInTheMiddleOfCommits(boolean atomic, NatsServer server) throws Exception {
        TestStream output = output(server, atomic);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            for (int sent : new int[] {1, 500, 1_300, 5_000, 12_000}) {
                proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), sent).cut();
            }
            writeRows(proxy.url(), output, "1 min").await();
            assertThat(proxy.frames(Direction.FROM_CLIENT, "PUB")).isGreaterThan(ROWS);
            assertWritten(output);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void acknowledgementsGetLost(boolean atomic, NatsServer server) throws Exception {
        TestStream output = output(server, atomic);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            for (int answers : new int[] {3, 8, 21, 34}) {
                proxy.on(Direction.FROM_SERVER, "MSG", "_INBOX", answers).silence();
            }
            writeRows(proxy.url(), output, "1 min").await();
            assertWritten(output);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesGetLost(boolean atomic, NatsServer server) throws Exception {
        TestStream output = output(server, atomic);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            Fault lost = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), 700).drop(1);
            writeRows(proxy.url(), output, "1 min").await();
            assertThat(lost.seen()).isGreaterThan(701);
            assertThat(output.payloads())
                    .as("order is kept by batches only")
                    .containsExactlyInAnyOrderElementsOf(SqlSinkITCase.payloads(1, ROWS));
            if (atomic) {
                assertWritten(output);
            }
        }
    }

    /** The job fails in a commit, goes back to its checkpoint, and commits that again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOutageFailsTheJob(boolean atomic, NatsServer server) throws Exception {
        TestStream output = output(server, atomic);
        TableResult writing = writeRows(server.url(), output, "1 s");
        SqlFixture.awaitAtLeast(output, 3_000);
        server.kill();
        JobClient job = writing.getJobClient().orElseThrow();
        Await.until(
                "the job is restarting",
                LIMIT,
                () -> job.getJobStatus().get() == JobStatus.RESTARTING);
        server.restart();
        writing.await();
        assertWritten(output);
    }

    @Test
    void losesNothingInALameDuckShutdown(NatsServer server) throws Exception {
        TestStream output = output(server, true);
        TableResult writing = writeRows(server.url(), output, "1 min");
        SqlFixture.awaitAtLeast(output, 3_000);
        server.lameDuck();
        server.restart();
        writing.await();
        assertWritten(output);
    }
}

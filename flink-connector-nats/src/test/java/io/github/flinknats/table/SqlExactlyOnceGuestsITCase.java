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
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server sees of a writer, what it must be allowed, and what the writer leaves. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlExactlyOnceGuestsITCase {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private JobClient copy(String url, TestStream input, TestStream output, String name) {
        sql.set("execution.checkpointing.interval", "100 ms");
        sql.table("in_" + name, "id INT", SqlFixture.from(url, input.subjects()));
        sql.table(
                "out_" + name,
                "id INT",
                SqlFixture.from(url, output.subject("a")),
                SqlExactlyOnceITCase.EXACTLY_ONCE,
                "'sink.parallelism' = '1'");
        return sql.execute("INSERT INTO out_" + name + " SELECT id FROM in_" + name)
                .getJobClient()
                .orElseThrow();
    }

    @Test
    void refusesAJobWithTheIdOfAnother(NatsServer server, TestStream input) throws Exception {
        TestStream output = SqlExactlyOnceITCase.atomic(server);
        JobClient first = copy(server.url(), input, output, "first");
        input.publish("a", "{\"id\": 1}");
        SqlFixture.awaitLast(output, 1);

        TestStream other = SqlExactlyOnceITCase.atomic(server);
        sql.table(
                "rival",
                "id INT",
                SqlFixture.from(server.url(), other.subject("a")),
                SqlExactlyOnceITCase.EXACTLY_ONCE);
        assertThat(sql.insertFailure("INSERT INTO rival VALUES (1)"))
                .contains(
                        "Cannot write with 'sink.id' = 'orders' on "
                                + server.url()
                                + ", because job "
                                + first.getJobID()
                                + " is writing with it now. Please stop that job, or set 'sink.id'"
                                + " to another name.");
        assertThat(other.payloads()).isEmpty();

        input.publish("a", "{\"id\": 2}");
        SqlFixture.awaitLast(output, 2);
        assertThat(first.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
        first.cancel().get();
        Await.until(
                "the first job has ended",
                LIMIT,
                () -> first.getJobStatus().get().isGloballyTerminalState());
        sql.insert("INSERT INTO rival VALUES (1)");
        assertThat(other.payloads()).isEqualTo(SqlSinkITCase.payloads(1, 1));
    }

    @Test
    void isCancelledQuicklyInACommit(NatsServer server, TestStream input) throws Exception {
        TestStream output = SqlExactlyOnceITCase.atomic(server);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            Fault commit = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), 0).hold();
            JobClient job = copy(proxy.url(), input, output, "t");
            input.publish("a", "{\"id\": 1}");
            commit.awaitReached(LIMIT);
            long start = System.nanoTime();
            job.cancel().get();
            Await.until(
                    "the job has ended",
                    LIMIT,
                    () -> job.getJobStatus().get().isGloballyTerminalState());
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofMillis(2_500));
        }
    }

    /** The permissions that docs/operations.md lists are enough, to find a commit again, too. */
    @Test
    @OwnServer(
            config =
                    "authorization { users = [ {user: all, password: p}, {user: some, password: p,"
                            + " permissions: {publish: [\"*.a\", \"$JS.API.STREAM.NAMES\","
                            + " \"$JS.API.STREAM.INFO.*\", \"$JS.API.CONSUMER.CREATE.*.>\","
                            + " \"$JS.API.CONSUMER.MSG.NEXT.*.*\","
                            + " \"$JS.API.CONSUMER.DELETE.*.*\", \"_INBOX.flink-sink.orders\"],"
                            + " subscribe: \"_INBOX.>\"}} ] }",
            login = "all:p")
    void needsNoOtherPermissions(NatsServer server, TestStream input) throws Exception {
        TestStream output = SqlExactlyOnceITCase.atomic(server);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            sql.restartJobs("200 ms");
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), output.subject("a")),
                    SqlExactlyOnceITCase.EXACTLY_ONCE,
                    "'nats.user' = 'some'",
                    "'nats.password' = 'p'",
                    "'nats.request-timeout' = '1 s'",
                    "'sink.parallelism' = '1'");
            Fault sent = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), 0).hold();
            JobClient job =
                    sql.execute("INSERT INTO t VALUES (1), (2), (3)").getJobClient().orElseThrow();
            sent.awaitReached(LIMIT);
            Fault silent = proxy.on(Direction.FROM_SERVER, "MSG", "_INBOX", 0).silence();
            sent.release();
            silent.awaitReached(LIMIT);
            Await.until(
                    "the job has ended",
                    LIMIT,
                    () -> job.getJobStatus().get() == JobStatus.FINISHED);
            assertThat(output.payloads()).isEqualTo(SqlSinkITCase.payloads(1, 3));
        }
    }

    /** Nor may the user ask for other jobs, which is no reason to fail. */
    @Test
    @OwnServer(
            config =
                    "authorization { users = [ {user: all, password: p}, {user: some, password: p,"
                            + " permissions: {publish: [\"$JS.API.>\"], subscribe: \"_INBOX.>\"}} ]"
                            + " }",
            login = "all:p")
    void saysThatTheUserMayNotPublish(NatsServer server, TestStream output) {
        sql.set("execution.checkpointing.interval", "200 ms");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), output.subject("a")),
                SqlExactlyOnceITCase.EXACTLY_ONCE,
                "'nats.user' = 'some'",
                "'nats.password' = 'p'");
        assertThat(sql.insertFailure("INSERT INTO t VALUES (1)"))
                .contains("because the user lacks a permission")
                .contains("Permissions Violation for Publish to \"" + output.subject("a"));
    }
}

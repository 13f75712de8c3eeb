// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.DiscardPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What writing at least once survives, and what it says when it does not. */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(180)
class SqlSinkFaultsITCase {
    private static final int ROWS = 20_000;

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private void table(String url, String subject, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add(SqlFixture.from(url, subject));
        all.add("'sink.parallelism' = '1'");
        sql.table("t", "id INT", all.toArray(new String[0]));
    }

    private TableResult writeRows() {
        sql.execute(
                "CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen',"
                        + " 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',"
                        + " 'fields.id.end' = '"
                        + ROWS
                        + "', 'rows-per-second' = '10000', 'scan.parallelism' = '1')");
        return sql.execute("INSERT INTO t SELECT id FROM numbers");
    }

    /** All rows are there, and the last copies of all of them are in order. */
    private static void assertWritten(TestStream stream) {
        List<String> payloads = stream.payloads();
        LinkedHashSet<String> last = new LinkedHashSet<>();
        for (String payload : payloads) {
            last.remove(payload);
            last.add(payload);
        }
        assertThat(new ArrayList<>(last)).isEqualTo(SqlSinkITCase.payloads(1, ROWS));
    }

    @Test
    void writesEverythingWhenTheServerIsKilledAndComesBack(NatsServer server, TestStream stream)
            throws Exception {
        table(server.url(), stream.subject("a"));
        sql.set("execution.checkpointing.interval", "200 ms");
        TableResult writing = writeRows();
        SqlFixture.awaitAtLeast(stream, 3_000);
        server.kill();
        server.restart();
        writing.await();
        assertWritten(stream);
    }

    @Test
    void writesEverythingWhenConnectionsBreak(NatsServer server, TestStream stream)
            throws Exception {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            table(proxy.url(), stream.subject("a"));
            TableResult writing = writeRows();
            SqlFixture.awaitAtLeast(stream, 2_000);
            proxy.cutAll();
            SqlFixture.awaitAtLeast(stream, 8_000);
            proxy.cutAll();
            writing.await();
            assertWritten(stream);
        }
    }

    @Test
    void losesNothingInALameDuckShutdown(NatsServer server, TestStream stream) throws Exception {
        table(server.url(), stream.subject("a"));
        TableResult writing = writeRows();
        SqlFixture.awaitAtLeast(stream, 3_000);
        server.lameDuck();
        server.restart();
        writing.await();
        assertWritten(stream);
    }

    @Test
    void failsTheJobWhenTheOutageLastsTooLong(NatsServer server, TestStream stream)
            throws Exception {
        table(server.url(), stream.subject("a"), "'nats.outage-timeout' = '1 s'");
        server.kill();
        assertThat(sql.insertFailure("INSERT INTO t VALUES (1)"))
                .contains(
                        "Cannot publish to subject "
                                + stream.subject("a")
                                + " on "
                                + server.url()
                                + ", because for 1 s nothing was acknowledged: ");
        server.restart();
    }

    /** The job fails, goes back to its checkpoint, and what it wrote since comes again. */
    @Test
    void writesEverythingWhenAnOutageFailsTheJob(NatsServer server, TestStream stream)
            throws Exception {
        table(server.url(), stream.subject("a"), "'nats.outage-timeout' = '1 s'");
        sql.restartJobs("100 ms");
        TableResult writing = writeRows();
        SqlFixture.awaitAtLeast(stream, 3_000);
        server.kill();
        JobClient job = writing.getJobClient().orElseThrow();
        Await.until(
                "the job is restarting",
                Duration.ofSeconds(20),
                () -> job.getJobStatus().get() == JobStatus.RESTARTING);
        server.restart();
        writing.await();
        assertWritten(stream);
    }

    @Test
    void saysThatTheStreamDoesNotDeleteMessagesAfterATime(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT, ttl BIGINT METADATA",
                SqlFixture.from(server.url(), stream.subject("a")));
        assertThat(sql.insertFailure("INSERT INTO t VALUES (1, 5000)"))
                .contains("because it says: per-message TTL is disabled (code 10166)")
                .contains("allow_msg_ttl");
        assertThat(stream.payloads()).isEmpty();
    }

    @Test
    void saysWhichExpectationOfARowFails(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT, h MAP<STRING, ARRAY<STRING>> METADATA FROM 'headers'",
                SqlFixture.from(server.url(), stream.subject("a")));
        assertThat(
                        sql.insertFailure(
                                "INSERT INTO t VALUES (1, MAP['Nats-Expected-Stream',"
                                        + " ARRAY['OTHER']])"))
                .contains("expected stream does not match (code 10060)");
        assertThat(stream.payloads()).isEmpty();
    }

    @Test
    void saysThatNoStreamCarriesTheSubject(NatsServer server) {
        table(server.url(), "nobody.listens");
        assertThat(sql.insertFailure("INSERT INTO t VALUES (1)"))
                .contains(
                        "Cannot publish to subject nobody.listens on "
                                + server.url()
                                + ", because no stream carries the subject. Please create one, or"
                                + " correct 'sink.subject'.");
    }

    /** Without a checkpoint and an end nobody waits for the row. */
    @Test
    void failsAQuietJobAtOnce(NatsServer server, TestStream input) {
        sql.table("source", "id INT", SqlFixture.from(server, input));
        table(server.url(), "nobody.listens");
        input.publish("a", "{\"id\": 1}");
        assertThat(sql.insertFailure("INSERT INTO t SELECT id FROM source"))
                .contains("because no stream carries the subject");
    }

    @Test
    void saysThatTheStreamIsFull(NatsServer server) {
        TestStream stream =
                TestStream.create(
                        server, builder -> builder.maxMessages(2).discardPolicy(DiscardPolicy.New));
        table(server.url(), stream.subject("a"));
        assertThat(sql.insertFailure("INSERT INTO t VALUES (1), (2), (3)"))
                .contains("because it says: maximum messages exceeded (code 10077)");
        assertThat(stream.payloads()).isEqualTo(SqlSinkITCase.payloads(1, 2));
    }

    @Test
    void saysThatTheMessageIsTooLargeForTheStream(NatsServer server) {
        TestStream stream = TestStream.create(server, builder -> builder.maximumMessageSize(100));
        sql.table("t", "s STRING", SqlFixture.from(server.url(), stream.subject("a")));
        assertThat(sql.insertFailure("INSERT INTO t VALUES (REPEAT('x', 200))"))
                .contains("(code 10054)")
                .contains("max_msg_size");
    }

    @Test
    void saysThatTheMessageIsTooLargeForTheServer(NatsServer server, TestStream stream) {
        sql.table("t", "s STRING", SqlFixture.from(server.url(), stream.subject("a")));
        assertThat(sql.insertFailure("INSERT INTO t VALUES (REPEAT('x', 1048576))"))
                .contains("because it has 1048584 bytes with its headers")
                .contains("'max_payload'");
    }

    @Test
    @OwnServer(
            config =
                    "authorization { users = [ {user: all, password: p}, {user: some, password: p,"
                            + " permissions: {publish: [\"$JS.API.>\"], subscribe: \"_INBOX.>\"}} ]"
                            + " }",
            login = "all:p")
    void saysThatTheUserMayNotPublish(NatsServer server, TestStream stream) {
        table(server.url(), stream.subject("a"), "'nats.user' = 'some'", "'nats.password' = 'p'");
        assertThat(sql.insertFailure("INSERT INTO t VALUES (1)"))
                .contains("because the user lacks a permission")
                .contains("Permissions Violation for Publish to \"" + stream.subject("a"));
    }

    @Test
    void namesTheValueThatCannotBeAToken(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "s STRING, v STRING",
                SqlFixture.from(server, stream),
                "'sink.subject' = '" + stream.subject("{s}") + "'");
        assertThat(sql.insertFailure("INSERT INTO t VALUES ('a.b', 'secret')"))
                .contains(
                        "Cannot write a record, because the row does not fit: Column 's' cannot be"
                                + " part of a subject: its value 'a.b' contains a dot, which would make"
                                + " several tokens of it.")
                .doesNotContain("secret");
        assertThat(sql.insertFailure("INSERT INTO t VALUES (CAST(NULL AS STRING), 'secret')"))
                .contains("Column 's' cannot be part of a subject: its value is NULL.");
        assertThat(stream.payloads()).isEmpty();
    }

    @Test
    void refusesSubjectsAndLifetimesOfRows(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "s STRING METADATA FROM 'subject', v INT, ttl BIGINT METADATA",
                SqlFixture.from(server, stream));
        String none = "CAST(NULL AS BIGINT)";
        assertThat(sql.insertFailure("INSERT INTO t VALUES ('a..b', 1, " + none + ")"))
                .contains("Cannot write a record, because the subject 'a..b' has an empty token");
        assertThat(
                        sql.insertFailure(
                                "INSERT INTO t VALUES ('$JS.API.STREAM.DELETE."
                                        + stream.name()
                                        + "', 1, "
                                        + none
                                        + ")"))
                .contains("is one of the server's own");
        assertThat(
                        sql.insertFailure(
                                "INSERT INTO t VALUES (CAST(NULL AS STRING), 1, " + none + ")"))
                .contains("The metadata column of the subject is NULL")
                .contains("'sink.subject'");
        assertThat(
                        sql.insertFailure(
                                "INSERT INTO t VALUES ('" + stream.subject("a") + "', 1, 1500)"))
                .contains("counted in whole seconds, at least 1, and cannot be 1500 ms.");
        assertThat(stream.payloads()).isEmpty();
    }
}

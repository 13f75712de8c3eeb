// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static io.github.flinknats.testing.Direction.FROM_SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Fault;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.MessageInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What INSERT INTO writes, as the streams have it. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlSinkITCase {
    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    static List<String> subjects(TestStream stream) {
        return stream.messages().stream().map(MessageInfo::getSubject).collect(Collectors.toList());
    }

    /** Subject, payload and, where there are any, headers. */
    static List<String> lines(TestStream stream) {
        List<String> lines = new ArrayList<>();
        for (MessageInfo message : stream.messages()) {
            byte[] data = message.getData();
            String line =
                    message.getSubject().substring(stream.prefix().length() + 1)
                            + " "
                            + (data == null ? "" : new String(data, StandardCharsets.UTF_8));
            if (message.getHeaders() != null) {
                line +=
                        message.getHeaders().entrySet().stream()
                                .map(header -> " " + header.getKey() + header.getValue())
                                .sorted()
                                .collect(Collectors.joining());
            }
            lines.add(line);
        }
        return lines;
    }

    @Test
    @Covers(options = "sink.parallelism")
    void writesRowsInOrderToTheSubjectThatIsRead(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT, name STRING",
                SqlFixture.from(server.url(), stream.subject("a")),
                "'sink.parallelism' = '1'");
        sql.insert(
                "INSERT INTO t SELECT * FROM (VALUES (1, 'one'), (2, 'two'), (3, CAST(NULL AS STRING)))");
        assertThat(lines(stream))
                .containsExactly(
                        "a {\"id\":1,\"name\":\"one\"}",
                        "a {\"id\":2,\"name\":\"two\"}",
                        "a {\"id\":3,\"name\":null}");
    }

    @Test
    @Covers(options = {"sink.subject", "value.fields-include"})
    void makesSubjectsOfColumns(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "region STRING, id BIGINT, paid BOOLEAN, v INT",
                SqlFixture.from(server, stream),
                "'sink.subject' = '" + stream.subject("{region}.x.{id}.{paid}") + "'",
                "'value.fields-include' = 'except-subject'");
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.insert("INSERT INTO t VALUES ('eu', 5, TRUE, 7), ('größe', -1, FALSE, 8)");
        assertThat(lines(stream))
                .containsExactly("eu.x.5.true {\"v\":7}", "größe.x.-1.false {\"v\":8}");
    }

    @Test
    void writesToSeveralStreamsThroughOneTemplate(
            NatsServer server, TestStream one, TestStream two) {
        sql.table("t", "s STRING, v INT", SqlFixture.from(server, one), "'sink.subject' = '{s}.b'");
        sql.insert(
                String.format(
                        "INSERT INTO t VALUES ('%s', 1), ('%s', 2), ('%s', 3)",
                        one.prefix(), two.prefix(), one.prefix()));
        assertThat(one.payloads()).hasSize(2);
        assertThat(two.payloads()).containsExactly("{\"s\":\"" + two.prefix() + "\",\"v\":2}");
    }

    @Test
    @Covers(metadata = {"subject", "headers", "msg-id", "ttl"})
    void writesMetadata(NatsServer server) {
        TestStream stream = TestStream.create(server, builder -> builder.allowMessageTtl(true));
        sql.table(
                "t",
                "id INT, s STRING METADATA FROM 'subject', h MAP<STRING, ARRAY<STRING>> METADATA"
                        + " FROM 'headers', m STRING METADATA FROM 'msg-id', life BIGINT"
                        + " METADATA FROM 'ttl'",
                SqlFixture.from(server, stream));
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.insert(
                String.format(
                        "INSERT INTO t VALUES (1, '%s', MAP['a', ARRAY['x', 'y']], 'id1',"
                                + " 93601000), (2, '%s', CAST(NULL AS MAP<STRING, ARRAY<STRING>>),"
                                + " CAST(NULL AS STRING), CAST(NULL AS BIGINT)), (1, '%s',"
                                + " MAP['a', ARRAY['z']], 'id1', 5000)",
                        stream.subject("a"), stream.subject("b"), stream.subject("c")));
        assertThat(lines(stream))
                .as("the third message has the id of the first")
                .containsExactly(
                        "a {\"id\":1} Nats-Msg-Id[id1] Nats-TTL[93601s] a[x, y]", "b {\"id\":2}");
    }

    @Test
    @Covers(options = "sink.delivery-guarantee")
    void writesWithoutAnyGuarantee(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("a")),
                "'sink.delivery-guarantee' = 'none'");
        sql.table(
                "refused",
                "id INT",
                SqlFixture.from(server.url(), "nobody.listens"),
                "'sink.delivery-guarantee' = 'none'");
        sql.insert("INSERT INTO refused VALUES (1)");
        sql.insert("INSERT INTO t " + numbers(1, 3_000));
        // Nothing was awaited, but everything was handed over.
        Await.until(
                "the messages are stored",
                Duration.ofSeconds(10),
                () -> stream.lastSequence() == 3_000,
                () -> String.valueOf(stream.lastSequence()));
        assertThat(stream.payloads()).containsExactlyInAnyOrderElementsOf(payloads(1, 3_000));
    }

    static String numbers(int from, int to) {
        return "SELECT id FROM (VALUES "
                + IntStream.rangeClosed(from, to)
                        .mapToObj(i -> "(" + i + ")")
                        .collect(Collectors.joining(","))
                + ") AS v(id)";
    }

    static List<String> payloads(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> "{\"id\":" + i + "}")
                .collect(Collectors.toList());
    }

    @Test
    @Covers(options = "sink.max-in-flight")
    void keepsTheLimitOfMessagesInFlight(NatsServer server, TestStream stream) throws Exception {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            // The answers are held back.
            Fault answers = proxy.on(FROM_SERVER, "MSG", "_INBOX", 0).hold();
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subject("a")),
                    "'sink.parallelism' = '1'",
                    "'sink.max-in-flight' = '7'");
            TableResult writing = sql.execute("INSERT INTO t " + numbers(1, 1_000));
            SqlFixture.awaitLast(stream, 7);
            answers.awaitReached(Duration.ofSeconds(10));
            assertThat(stream.lastSequence()).isEqualTo(7);
            answers.release();
            writing.await();
            assertThat(stream.payloads()).containsExactlyInAnyOrderElementsOf(payloads(1, 1_000));
        }
    }

    @Test
    void isCancelledQuicklyWhileItIsHeldUp(NatsServer server, TestStream stream) throws Exception {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            Fault answers = proxy.on(FROM_SERVER, "MSG", "_INBOX", 0).silence();
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subject("a")),
                    "'sink.max-in-flight' = '7'");
            JobClient job =
                    sql.execute("INSERT INTO t " + numbers(1, 1_000)).getJobClient().orElseThrow();
            answers.awaitReached(Duration.ofSeconds(20));
            long start = System.nanoTime();
            job.cancel().get();
            Await.until(
                    "the job has ended",
                    Duration.ofSeconds(20),
                    () -> job.getJobStatus().get().isGloballyTerminalState());
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(2));
        }
    }
}

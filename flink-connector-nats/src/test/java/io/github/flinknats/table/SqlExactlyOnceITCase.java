// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.MessageInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a table writes exactly once, when nothing breaks. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlExactlyOnceITCase {
    static final String EXACTLY_ONCE =
            "'sink.delivery-guarantee' = 'exactly-once', 'sink.id' = 'orders'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    /** A stream that takes atomic batches. */
    static TestStream atomic(NatsServer server) {
        return TestStream.create(server, builder -> builder.allowAtomicPublish());
    }

    private void table(NatsServer server, String subject, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add(SqlFixture.from(server.url(), subject));
        all.add(EXACTLY_ONCE);
        all.add("'sink.parallelism' = '1'");
        sql.table("t", "id INT", all.toArray(new String[0]));
    }

    /** A bounded stream of numbers. */
    private TableResult writeNumbers(int last, int perSecond) {
        sql.execute(
                "CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen',"
                        + " 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',"
                        + " 'fields.id.end' = '"
                        + last
                        + "', 'rows-per-second' = '"
                        + perSecond
                        + "', 'scan.parallelism' = '1')");
        return sql.execute("INSERT INTO t SELECT id FROM numbers");
    }

    private static List<String> headers(TestStream stream, String name) {
        return stream.messages().stream()
                .map(MessageInfo::getHeaders)
                .map(headers -> headers == null ? null : headers.getFirst(name))
                .collect(Collectors.toList());
    }

    @Test
    @Covers(options = {"sink.id", "sink.delivery-guarantee"})
    void writesOneByOneWhereTheStreamKnowsNoBatches(NatsServer server, TestStream stream)
            throws Exception {
        table(server, stream.subject("a"));
        sql.set("execution.checkpointing.interval", "100 ms");
        writeNumbers(2_500, 5_000).await();
        assertThat(stream.payloads()).isEqualTo(SqlSinkITCase.payloads(1, 2_500));
        assertThat(headers(stream, "Nats-Batch-Id")).containsOnlyNulls();
        assertThat(headers(stream, "Nats-Msg-Id"))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith("orders."));
    }

    @Test
    void writesAtomicBatches(NatsServer server) throws Exception {
        TestStream stream = atomic(server);
        table(server, stream.subject("a"));
        sql.set("execution.checkpointing.interval", "1 s");
        writeNumbers(5_000, 10_000).await();
        assertThat(stream.payloads()).isEqualTo(SqlSinkITCase.payloads(1, 5_000));
        assertThat(headers(stream, "Nats-Batch-Id").stream().distinct().count())
                .as("batches")
                .isBetween(5L, 20L);
        assertThat(headers(stream, "Nats-Batch-Id")).doesNotContainNull();
    }

    @Test
    void commitsAtTheEndOfABatchJob(NatsServer server) {
        TestStream stream = atomic(server);
        sql.inBatchMode();
        table(server, stream.subject("a"));
        sql.insert(
                "INSERT INTO t VALUES "
                        + IntStream.rangeClosed(1, 100)
                                .mapToObj(i -> "(" + i + ")")
                                .collect(Collectors.joining(", ")));
        assertThat(stream.payloads())
                .containsExactlyInAnyOrderElementsOf(SqlSinkITCase.payloads(1, 100));
    }

    @Test
    void isRefusedWithoutCheckpoints(NatsServer server, TestStream stream) {
        table(server, stream.subject("a"));
        assertThatThrownBy(() -> sql.execute("INSERT INTO t VALUES (1)"))
                .hasStackTraceContaining("Writing to NATS exactly once needs checkpoints")
                .hasStackTraceContaining("'execution.checkpointing.interval'");
    }

    @Test
    void writesToSeveralStreams(NatsServer server, TestStream one) {
        TestStream other = atomic(server);
        TestStream quiet = atomic(server);
        sql.set("execution.checkpointing.interval", "100 ms");
        sql.table(
                "t",
                "id INT, s STRING METADATA FROM 'subject'",
                SqlFixture.from(server, one),
                EXACTLY_ONCE,
                "'sink.parallelism' = '1'");
        sql.insert(
                "INSERT INTO t VALUES "
                        + IntStream.rangeClosed(1, 100)
                                .mapToObj(
                                        i ->
                                                "("
                                                        + i
                                                        + ", '"
                                                        + (i % 2 == 0 ? one : other).subject("a")
                                                        + "')")
                                .collect(Collectors.joining(", ")));
        assertThat(one.payloads()).hasSize(50).isEqualTo(everySecond(2));
        assertThat(other.payloads()).hasSize(50).isEqualTo(everySecond(1));
        assertThat(quiet.payloads()).isEmpty();
    }

    private static List<String> everySecond(int first) {
        return IntStream.rangeClosed(1, 100)
                .filter(i -> i % 2 == first % 2)
                .mapToObj(i -> "{\"id\":" + i + "}")
                .collect(Collectors.toList());
    }

    /** 32 messages of half a mebibyte: four batches of eight at most. */
    @Test
    void dividesWhatIsLargeIntoSeveralBatches(NatsServer server) {
        TestStream stream = atomic(server);
        sql.inBatchMode();
        sql.table(
                "t",
                "id INT, s STRING",
                SqlFixture.from(server.url(), stream.subject("a")),
                EXACTLY_ONCE,
                "'sink.parallelism' = '1'");
        sql.insert(
                "INSERT INTO t SELECT id, REPEAT('x', 524288) FROM (VALUES "
                        + IntStream.rangeClosed(1, 32)
                                .mapToObj(i -> "(" + i + ")")
                                .collect(Collectors.joining(", "))
                        + ") AS v(id)");
        assertThat(stream.messages().stream().map(message -> message.getData().length))
                .hasSize(32)
                .allMatch(length -> length > 524_288);
        assertThat(headers(stream, "Nats-Batch-Id").stream().distinct().count()).isBetween(4L, 5L);
    }

    /** Such a message must not get into a checkpoint: the job could never get rid of it. */
    @Test
    void saysThatAMessageIsTooLarge(NatsServer server) {
        TestStream stream =
                TestStream.create(
                        server, builder -> builder.allowAtomicPublish().maximumMessageSize(1_000));
        sql.set("execution.checkpointing.interval", "100 ms");
        sql.table(
                "t",
                "s STRING",
                SqlFixture.from(server.url(), stream.subject("a")),
                EXACTLY_ONCE,
                "'sink.parallelism' = '1'");
        assertThat(sql.insertFailure("INSERT INTO t VALUES ('a'), (REPEAT('x', 2000)), ('b')"))
                .contains(
                        "Cannot publish to subject "
                                + stream.subject("a")
                                + " on "
                                + server.url()
                                + ", because the message has ")
                .contains(
                        " bytes with its headers, and 1000 is the most. Please raise"
                                + " 'max_msg_size'.");
        sql.execute("DROP TABLE t");
        TestStream large = atomic(server);
        sql.table(
                "t",
                "s STRING",
                SqlFixture.from(server.url(), large.subject("a")),
                EXACTLY_ONCE,
                "'sink.parallelism' = '1'");
        assertThat(sql.insertFailure("INSERT INTO t VALUES ('a'), (REPEAT('x', 1048560))"))
                .contains("and 1048576 is the most. Please raise 'max_payload'.");
        assertThat(stream.payloads()).isEmpty();
        assertThat(large.payloads()).isEmpty();
    }

    @Test
    void saysThatNoStreamCarriesTheSubject(NatsServer server) {
        table(server, "nobody.listens");
        sql.set("execution.checkpointing.interval", "100 ms");
        assertThat(sql.insertFailure("INSERT INTO t VALUES (1)"))
                .contains(
                        "Cannot publish to subject nobody.listens on "
                                + server.url()
                                + ", because no stream carries the subject. Please create one, or"
                                + " correct 'sink.subject'.");
    }

    /** An id of the row is the message's; the stream drops what it has under that id. */
    @Test
    void keepsTheIdsOfRows(NatsServer server) {
        TestStream stream = atomic(server);
        sql.set("execution.checkpointing.interval", "100 ms");
        sql.table(
                "t",
                "id INT, m STRING METADATA FROM 'msg-id'",
                SqlFixture.from(server.url(), stream.subject("a")),
                EXACTLY_ONCE,
                "'sink.parallelism' = '1'");
        sql.insert(
                "INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'x'), (4, CAST(NULL AS STRING)),"
                        + " (5, 'z')");
        assertThat(stream.payloads())
                .containsExactly("{\"id\":1}", "{\"id\":2}", "{\"id\":4}", "{\"id\":5}");
        assertThat(headers(stream, "Nats-Msg-Id")).contains("x", "y", "z").doesNotContainNull();
        assertThat(headers(stream, "Nats-Batch-Id")).containsOnlyNulls();
    }

    /** What was written as batches is read with its headers and written again. */
    @ParameterizedTest
    @ValueSource(strings = {"at-least-once", "exactly-once"})
    void copiesMessagesOfBatches(String guarantee, NatsServer server) {
        TestStream first = atomic(server);
        TestStream second = atomic(server);
        sql.set("execution.checkpointing.interval", "100 ms");
        table(server, first.subject("a"));
        sql.insert("INSERT INTO t VALUES (1), (2), (3)");
        String columns = "id INT, h MAP<STRING, ARRAY<STRING>> METADATA FROM 'headers'";
        sql.table(
                "source",
                columns,
                SqlFixture.from(server, first),
                "'scan.bounded.mode' = 'latest'");
        sql.table(
                "copy",
                columns,
                SqlFixture.from(server.url(), second.subject("a")),
                "'sink.delivery-guarantee' = '" + guarantee + "'",
                guarantee.equals("exactly-once")
                        ? "'sink.id' = 'copy'"
                        : "'nats.connect-timeout' = '5 s'",
                "'sink.parallelism' = '1'");
        sql.insert("INSERT INTO copy SELECT * FROM source");
        assertThat(second.payloads())
                .containsExactlyInAnyOrderElementsOf(SqlSinkITCase.payloads(1, 3));
        assertThat(headers(second, "Nats-Msg-Id"))
                .containsExactlyInAnyOrderElementsOf(headers(first, "Nats-Msg-Id"));
    }

    @Test
    void writesATableOfKeys(NatsServer server) {
        TestStream stream =
                TestStream.create(
                        server, builder -> builder.allowAtomicPublish().maxMessagesPerSubject(1));
        sql.set("execution.checkpointing.interval", "100 ms");
        sql.table(
                "t",
                "region STRING, n BIGINT, PRIMARY KEY (region) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{region}")),
                EXACTLY_ONCE,
                "'sink.buffer-flush.max-rows' = '2'");
        sql.insert(
                "INSERT INTO t SELECT region, COUNT(*) FROM (VALUES ('eu'), ('us'), ('eu'), ('eu'))"
                        + " AS v(region) GROUP BY region");
        assertThat(
                        SqlSinkITCase.lines(stream).stream()
                                .map(line -> line.substring(0, line.indexOf(" Nats-"))))
                .containsExactlyInAnyOrder(
                        "eu {\"region\":\"eu\",\"n\":3}", "us {\"region\":\"us\",\"n\":1}");
    }
}

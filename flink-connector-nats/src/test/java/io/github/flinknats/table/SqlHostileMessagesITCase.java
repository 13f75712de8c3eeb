// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.MessageInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages made to do harm are rows, or bad records; they break neither the job nor its log. */
@ExtendWith(NatsServerExtension.class)
@Timeout(180)
class SqlHostileMessagesITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final String SKIP = "'scan.on-error' = 'skip'";

    /** Blocks that are no header blocks, or that clients refuse to send. */
    private static final List<String> ODD_HEADERS =
            List.of(
                    "NATS/1.0\r\nname: J\u00fcrgen\r\n\r\n",
                    "NATS/1.0\r\nno colon\r\n\r\n",
                    "NATS/1.0\r\n: no name\r\n\r\n",
                    "NATS/1.0\r\nbroken",
                    "NATS/1.0\r\n\r\n",
                    "NATS/1.0 503 No Way\r\n\r\n",
                    "NATS/1.0 abc\r\nk: v\r\n\r\n",
                    "HTTP/1.1 200 OK\r\n\r\n",
                    "\r\n",
                    "NATS/1.0\r\nsp ace: \u001b[2J\r\nk:  v  \r\n\r\n",
                    "NATS/1.0\r\n" + "k: v\r\n".repeat(10_000) + "\r\n");

    /** What dead letters always have. */
    private static final Set<String> TOLD =
            Set.of(
                    "Flink-Error",
                    "Flink-Stream",
                    "Flink-Sequence",
                    "Flink-Subject",
                    "Flink-Timestamp",
                    "Nats-Msg-Id");

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @TempDir Path directory;

    private static void publishOddHeaders(NatsServer server, TestStream stream) {
        stream.publish("a", "{\"id\": -1}");
        for (int id = 0; id < ODD_HEADERS.size(); id++) {
            RawPublisher.publish(
                    server, stream.subject("a"), ODD_HEADERS.get(id), "{\"id\": " + id + "}");
        }
        stream.publish("a", "{\"id\": 100}");
    }

    private static List<Row> ids(int... ids) {
        return Arrays.stream(ids).mapToObj(Row::of).collect(Collectors.toList());
    }

    @Test
    void readsMessagesWithAnyHeaders(NatsServer server, TestStream stream) {
        publishOddHeaders(server, stream);
        sql.table("t", "id INT", SqlFixture.from(server, stream), BOUNDED);
        assertThat(sql.rows("SELECT * FROM t"))
                .isEqualTo(ids(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100));
    }

    @Test
    void showsTheHeadersThatCanBeRead(NatsServer server, TestStream stream) {
        publishOddHeaders(server, stream);
        String columns = "id INT, h MAP<STRING, ARRAY<STRING>> METADATA FROM 'headers'";
        sql.table("t", columns, SqlFixture.from(server, stream), BOUNDED, SKIP);
        assertThat(
                        sql.rows(
                                "SELECT id, h['name'][1], h['sp ace'][1], h['k'][1], CARDINALITY(h['k'])"
                                        + " FROM t"))
                .containsExactly(
                        Row.of(-1, null, null, null, null),
                        Row.of(0, "J\u00fcrgen", null, null, null),
                        Row.of(4, null, null, null, null),
                        Row.of(5, null, null, null, null),
                        Row.of(6, null, null, "v", 1), // The server leaves its status out.
                        Row.of(9, null, "\u001b[2J", "v", 1),
                        Row.of(10, null, null, "v", 10_000),
                        Row.of(100, null, null, null, null));
        sql.table("f", columns, SqlFixture.from(server, stream), BOUNDED);
        assertThat(sql.failure("SELECT * FROM f"))
                .contains(
                        "Cannot decode the message with sequence 3 and subject "
                                + stream.subject("a")
                                + " of stream "
                                + stream.name()
                                + ", because The headers cannot be read: a line of them has no"
                                + " name. Please check");
    }

    /** A job that was killed in a commit reads what others wrote since. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsItsCommitAmongMessagesWithAnyHeaders(
            boolean stored, NatsServer server, TestStream input) throws Exception {
        TestStream output =
                TestStream.create(
                        server, builder -> builder.duplicateWindow(Duration.ofMillis(100)));
        SqlCopies copies = new SqlCopies(directory);
        if (!stored) {
            publishOddHeaders(server, output);
        }
        String state =
                stored
                        ? copies.killedBeforeTheAnswers(sql, server, input, output, 1)
                        : copies.killedWhenMessagesAreSent(20, sql, server, input, output);
        publishOddHeaders(server, output);
        SqlFixture session = savepoints.restore(state);
        String to = SqlFixture.from(server.url(), output.subject("a"));
        copies.copy(session, server, input, to, 1);
        SqlCopies.publish(input, SqlCopies.ROWS + 1, SqlCopies.ROWS + 1);
        SqlFixture.awaitAtLeast(
                output, SqlCopies.ROWS + 1 + (ODD_HEADERS.size() + 2) * (stored ? 1 : 2));

        sql.table("o", "p STRING", SqlFixture.from(server, output), BOUNDED, "'format' = 'raw'");
        assertThat(sql.rows("SELECT p FROM o WHERE p NOT LIKE '{\"id\": %'"))
                .isEqualTo(
                        SqlSinkITCase.payloads(1, SqlCopies.ROWS + 1).stream()
                                .map(Row::of)
                                .collect(Collectors.toList()));
    }

    @Test
    void acknowledgesMessagesWithAnyHeaders(NatsServer server, TestStream stream) {
        publishOddHeaders(server, stream);
        stream.keepConsumer("d");
        sql.set("execution.checkpointing.interval", "100 ms");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'scan.durable-consumer' = 'd'",
                "'scan.durable-consumer.create' = 'true'");
        assertThat(sql.start("SELECT * FROM t").next(13))
                .containsExactlyInAnyOrderElementsOf(
                        ids(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100));
        Await.until(
                "all are acknowledged",
                Duration.ofSeconds(20),
                () -> acknowledged(stream) == stream.lastSequence());
    }

    private static long acknowledged(TestStream stream) throws Exception {
        return stream.management()
                .getConsumerInfo(stream.name(), "d")
                .getAckFloor()
                .getStreamSequence();
    }

    @Test
    void keepsMessagesWithAnyHeadersAsDeadLetters(
            NatsServer server, TestStream stream, TestStream dead) {
        for (String headers : ODD_HEADERS) {
            RawPublisher.publish(server, stream.subject("a"), headers, "no json");
        }
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                BOUNDED,
                "'scan.on-error' = 'dead-letter'",
                "'scan.dead-letter.subject' = '" + dead.subject("x") + "'");
        assertThat(sql.rows("SELECT * FROM t")).isEmpty();
        List<String> kept = new ArrayList<>();
        for (MessageInfo letter : dead.messages()) {
            assertThat(letter.getHeaders().getFirst("Flink-Error")).contains("no json");
            List<String> names = new ArrayList<>(letter.getHeaders().keySet());
            names.removeAll(TOLD);
            kept.add(names.toString());
        }
        assertThat(kept)
                .containsExactly(
                        "[name]",
                        "[]",
                        "[]",
                        "[]",
                        "[]",
                        "[]",
                        "[k]",
                        "[]",
                        "[]",
                        "[sp_ace, k]",
                        "[Flink-Headers-Left-Out]");
    }

    @Test
    void takesDeeplyNestedJsonForBadRecords(NatsServer server, TestStream stream) {
        stream.publish("a", "{\"id\": 1}");
        stream.publish("a", "{\"id\": " + "[".repeat(10_000) + "]".repeat(10_000) + "}");
        stream.publish("a", "{\"id\":".repeat(50_000) + "1" + "}".repeat(50_000));
        stream.publish("a", "[".repeat(400_000));
        stream.publish("a", "{\"id\": 2}");
        sql.table("t", "id INT", SqlFixture.from(server, stream), BOUNDED, SKIP);
        assertThat(sql.rows("SELECT * FROM t")).isEqualTo(ids(1, 2));
        sql.table("f", "id INT", SqlFixture.from(server, stream), BOUNDED);
        assertThat(sql.failure("SELECT * FROM f"))
                .contains("Cannot decode the message with sequence 2")
                .contains("Failed to deserialize JSON");
    }

    /** Where the format's types nest, it recurses: its stack overflows, and the task goes on. */
    @Test
    void takesAFormatThatOverflowsForABadRecord(NatsServer server, TestStream stream) {
        stream.publish("a", "{\"id\": 1, \"v\": {}}");
        stream.publish(
                "a", "{\"id\":2,\"v\":" + "{\"v\":".repeat(20_000) + "1" + "}".repeat(20_001));
        stream.publish("a", "{\"id\": 3, \"v\": {}}");
        sql.table(
                "t",
                "id INT, v ROW<v ROW<v STRING>>",
                SqlFixture.from(server, stream),
                BOUNDED,
                SKIP);
        assertThat(sql.rows("SELECT id FROM t").stream().map(row -> row.getField(0)))
                .startsWith(1)
                .endsWith(3);
    }

    @Test
    void printsWhatSteersTerminalsAsItsCode(NatsServer server, TestStream stream) {
        String subject = stream.subject("\u001b[31m\u202e");
        RawPublisher.publish(server, subject, "", "no\r\njson\u001b]0;owned\u0007");
        sql.table(
                "t",
                "id INT, s STRING METADATA FROM 'subject'",
                SqlFixture.from(server, stream),
                BOUNDED);
        String failure = sql.failure("SELECT * FROM t");
        assertThat(failure)
                .contains(
                        "Cannot decode the message with sequence 1 and subject "
                                + stream.subject("\\u001b[31m\\u202e")
                                + " of stream ")
                .contains(
                        "Failed to deserialize JSON 'no\\u000d\\u000ajson\\u001b]0;owned\\u0007'.")
                .doesNotContain("\u001b", "\u0007", "\u202e", "\r");
    }
}

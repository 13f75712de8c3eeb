// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static io.github.flinknats.testing.Direction.FROM_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.Subscription;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be decoded is told, passed over or kept elsewhere; nothing else is lost. */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(300)
class SqlBadRecordsITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final String SKIP = "'scan.on-error' = 'skip'";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(2)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private static String deadLetters(TestStream dead) {
        return "'scan.on-error' = 'dead-letter', 'scan.dead-letter.subject' = '"
                + dead.subject("letters")
                + "'";
    }

    private static List<Integer> ids(List<Row> rows) {
        return rows.stream().map(row -> (Integer) row.getField(0)).collect(Collectors.toList());
    }

    // ------------------------------------------------------------------ fail

    @Test
    @Covers(options = "scan.on-error")
    void failsAndSaysWhichMessageAndWhy(NatsServer server, TestStream stream) {
        stream.publish("a", "{\"id\": 1}");
        stream.publish("b", "{\"id\": \"one\"}");
        sql.table("t", "id INT", SqlFixture.from(server, stream), "'scan.on-error' = 'fail'");

        assertThat(sql.failure("SELECT * FROM t"))
                .contains(
                        "Cannot decode the message with sequence 2 and subject "
                                + stream.subject("b")
                                + " of stream "
                                + stream.name()
                                + ", because Failed to deserialize JSON '{\"id\": \"one\"}': Fail"
                                + " to deserialize at field: id.")
                .contains("'scan.on-error'");
    }

    @Test
    void failsOverAMessageWithoutAValue(NatsServer server, TestStream stream) {
        stream.publish("a", "");
        sql.table("t", "id INT", SqlFixture.from(server, stream));

        assertThat(sql.failure("SELECT * FROM t"))
                .contains("Cannot decode the message with sequence 1")
                .contains("The payload is empty");
    }

    // ------------------------------------------------------------------ skip

    @Test
    @Covers(options = "scan.on-error")
    void skipsWhatCannotBeDecodedAndNothingElse(NatsServer server, TestStream stream) {
        String[] payloads = {
            "{\"id\": 1}",
            "",
            "{\"id\": 2}",
            "null",
            "{\"id\": 3",
            " ",
            "{\"id\": \"x\"}",
            "[1, 2]",
            "7",
            "\"text\"",
            "{\"name\": \"no id\"}",
            "{\"id\": null}",
            "[]",
            "\u0000\u0001",
            "{\"id\": 7}"
        };
        for (String payload : payloads) {
            stream.publish("a", payload);
        }
        sql.table(
                "t",
                "id INT NOT NULL, name STRING",
                SqlFixture.from(server, stream),
                SKIP,
                BOUNDED);

        assertThat(sql.rows("SELECT id, name FROM t"))
                .containsExactly(Row.of(1, null), Row.of(2, null), Row.of(7, null));
        assertThat(sql.rows("SELECT id FROM t WHERE name IS NULL"))
                .as("with the columns in another order and number")
                .containsExactly(Row.of(1), Row.of(2), Row.of(7));
    }

    @Test
    void skipsRandomPayloads(NatsServer server, TestStream stream) {
        Random random = new Random(3);
        List<Integer> good = new ArrayList<>();
        stream.publishMany(
                "a",
                0,
                20_000,
                i -> {
                    if (i % 7 == 0) {
                        good.add(i);
                        return "{\"id\": " + i + "}";
                    }
                    byte[] payload = new byte[random.nextInt(40)];
                    random.nextBytes(payload);
                    // Never JSON, whatever follows.
                    return "x" + new String(payload, StandardCharsets.ISO_8859_1);
                });
        sql.table("t", "id INT", SqlFixture.from(server, stream), SKIP, BOUNDED);

        assertThat(ids(sql.rows("SELECT id FROM t"))).isEqualTo(good);
    }

    @Test
    void leavesToTheFormatWhatTheFormatIgnores(NatsServer server, TestStream stream) {
        for (String payload : Arrays.asList("{\"id\": 1}", "no json", "", "null", "{\"id\": 2}")) {
            stream.publish("a", payload);
        }
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'json.ignore-parse-errors' = 'true'",
                BOUNDED);

        assertThat(sql.rows("SELECT id FROM t")).containsExactly(Row.of(1), Row.of(2));
    }

    @Test
    void passesOverTombstonesOfAChangelog(NatsServer server, TestStream stream) {
        stream.publish("a", "{\"before\": null, \"after\": {\"id\": 1}, \"op\": \"c\"}");
        stream.publish("a", "");
        stream.publish("a", "{\"before\": {\"id\": 1}, \"after\": null, \"op\": \"d\"}");
        sql.table(
                "t",
                "id INT NOT NULL",
                SqlFixture.from(server, stream),
                "'format' = 'debezium-json'",
                BOUNDED);

        assertThat(sql.rows("SELECT id FROM t"))
                .containsExactly(Row.ofKind(RowKind.INSERT, 1), Row.ofKind(RowKind.DELETE, 1));
    }

    // ------------------------------------------------------------------ dead letters

    @Test
    @Covers(options = {"scan.on-error", "scan.dead-letter.subject"})
    void keepsBadRecordsElsewhereWithPayloadHeadersAndOrigin(
            NatsServer server, TestStream stream, TestStream dead) {
        stream.publish("a", "{\"id\": 1}");
        Headers headers =
                new Headers()
                        .add("trace", "t1", "t2")
                        .add("Nats-Msg-Id", "mine")
                        .add("Nats-Expected-Stream", stream.name());
        byte[] payload = {'{', 0, (byte) 0xFF};
        stream.publish("b", headers, payload);
        stream.publish("a", "{\"id\": 2}");
        sql.table("t", "id INT", SqlFixture.from(server, stream), deadLetters(dead), BOUNDED);

        assertThat(sql.rows("SELECT id FROM t")).containsExactly(Row.of(1), Row.of(2));
        List<MessageInfo> letters = dead.messages();
        assertThat(letters).hasSize(1);
        MessageInfo letter = letters.get(0);
        String stored =
                Objects.requireNonNull(stream.messages().get(1).getTime())
                        .withZoneSameInstant(ZoneOffset.UTC)
                        .toInstant()
                        .toString();
        assertThat(letter.getSubject()).isEqualTo(dead.subject("letters"));
        assertThat(letter.getData()).isEqualTo(payload);
        Map<String, List<String>> told = new TreeMap<>();
        Objects.requireNonNull(letter.getHeaders())
                .forEach((name, values) -> told.put(name, values));
        assertThat(told.remove("Flink-Error").get(0))
                .startsWith("Failed to deserialize JSON")
                .matches("[ -~]*");
        assertThat(told)
                .isEqualTo(
                        new TreeMap<>(
                                Map.of(
                                        "Flink-Stream", List.of(stream.name()),
                                        "Flink-Sequence", List.of("2"),
                                        "Flink-Subject", List.of(stream.subject("b")),
                                        "Flink-Timestamp", List.of(stored),
                                        "trace", List.of("t1", "t2"),
                                        "Flink-Original-Nats-Msg-Id", List.of("mine"),
                                        "Flink-Original-Nats-Expected-Stream",
                                                List.of(stream.name()),
                                        "Nats-Msg-Id", List.of(stream.name() + ":2:" + stored))));
    }

    @Test
    void keepsRowsOfAKeyThatHaveNoKey(NatsServer server, TestStream stream, TestStream dead) {
        String[] payloads = {"{\"k\": 1, \"v\": 1}", "{\"v\": 2}", "", "{\"k\": 1, \"v\": 3}"};
        for (String payload : payloads) {
            stream.publish("a", payload);
        }
        sql.table(
                "t",
                "k INT, v INT, PRIMARY KEY (k) NOT ENFORCED",
                SqlFixture.from(server, stream),
                deadLetters(dead),
                BOUNDED);

        assertThat(sql.rows("SELECT k, v FROM t"))
                .containsExactly(
                        Row.ofKind(RowKind.INSERT, 1, 1),
                        Row.ofKind(RowKind.UPDATE_BEFORE, 1, 1),
                        Row.ofKind(RowKind.UPDATE_AFTER, 1, 3));
        assertThat(dead.payloads()).containsExactly("{\"v\": 2}", "");
        assertThat(
                        dead.messages().stream()
                                .map(letter -> letter.getHeaders().getFirst("Flink-Error")))
                .containsExactly(
                        "The column 'k' is NOT NULL, and the message has no value for it",
                        "The payload is empty, which deletes the row of a key, but of the key only"
                                + " the payload holds [k]: name the key's columns in"
                                + " 'nats.subject', as in 'orders.{id}', if subjects hold them");
    }

    @Test
    void storesEveryLetterBeforeABoundedReadEnds(
            NatsServer server, TestStream stream, TestStream dead) {
        stream.publishMany("a", 0, 5_000, i -> "bad " + i);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            // When all is read, the last letters have to be sent again.
            proxy.on(FROM_CLIENT, "HPUB", dead.subject("letters"), 4_900).cut();
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    deadLetters(dead),
                    BOUNDED);

            assertThat(sql.rows("SELECT id FROM t")).isEmpty();
            assertThat(dead.payloads())
                    .isEqualTo(
                            IntStream.range(0, 5_000)
                                    .mapToObj(i -> "bad " + i)
                                    .collect(Collectors.toList()));
        }
    }

    @Test
    void endsAtOnceWhileLettersWaitForAServer(NatsServer server, TestStream stream)
            throws Exception {
        sql.set("execution.checkpointing.interval", "100 ms");
        stream.publish("a", "{\"id\": 1}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'scan.on-error' = 'dead-letter'",
                "'scan.dead-letter.subject' = 'core.only'");
        // A subscriber that never answers, so that letters stay on their way.
        try (Connection subscriber = server.connect()) {
            Subscription heard = subscriber.subscribe("core.only");
            subscriber.flush(Duration.ofSeconds(5));
            SqlFixture.Running query = sql.start("SELECT id FROM t");
            query.next(1);
            stream.publish("a", "bad");
            assertThat(heard.nextMessage(Duration.ofSeconds(20))).isNotNull();
            long start = System.nanoTime();
            query.job().cancel().get();
            Await.until(
                    "the job has ended",
                    Duration.ofSeconds(20),
                    () -> query.job().getJobStatus().get().isGloballyTerminalState());
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void storesALetterBeforeTheCheckpointThatPassesIt(
            NatsServer server, TestStream stream, TestStream dead, @TempDir Path directory)
            throws Exception {
        stream.publish("a", "bad");
        stream.publish("a", "{\"id\": 1}");
        try (FaultProxy proxy = FaultProxy.start(server)) {
            // The row that comes behind the letter arrives long before the letter does.
            proxy.on(FROM_CLIENT, "HPUB", dead.subject("letters"), 0).delay(Duration.ofSeconds(2));
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    deadLetters(dead));
            SqlFixture.Running query = sql.start("SELECT id FROM t");
            assertThat(query.next(1)).containsExactly(Row.of(1));
            String savepoint =
                    query.job()
                            .stopWithSavepoint(
                                    false,
                                    directory.toUri().toString(),
                                    SavepointFormatType.CANONICAL)
                            .get();
            assertThat(dead.payloads()).as("when " + savepoint + " is made").containsExactly("bad");
        }
    }

    @Test
    void losesNeitherRowsNorLettersThroughFaults(
            NatsServer server,
            TestStream stream,
            TestStream dead,
            @InjectMiniCluster MiniCluster cluster)
            throws Exception {
        int messages = 20_000;
        sql.restartJobs("200 ms");
        stream.publishMany("a", 0, messages, i -> i % 3 == 0 ? "bad " + i : "{\"id\": " + i + "}");
        sql.table("t", "id INT", SqlFixture.from(server, stream), deadLetters(dead));
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>(query.next(3_000));
        server.kill();
        server.restart();
        rows.addAll(query.next(4_000));
        cluster.terminateTaskManager(0).get();
        cluster.startTaskManager();
        rows.addAll(query.next(2_000));
        server.kill();
        server.restart();
        cluster.terminateTaskManager(1).get();
        cluster.startTaskManager();
        stream.publish("a", "bad " + messages);
        stream.publish("a", "{\"id\": " + (messages + 1) + "}");
        List<Integer> good =
                IntStream.range(0, messages + 2)
                        .filter(i -> i % 3 != 0 && i != messages)
                        .boxed()
                        .collect(Collectors.toList());
        rows.addAll(query.next(good.size() - rows.size()));
        assertThat(ids(rows)).isEqualTo(good);
        List<String> letters =
                IntStream.range(0, messages + 1)
                        .filter(i -> i % 3 == 0 || i == messages)
                        .mapToObj(i -> "bad " + i)
                        .collect(Collectors.toList());
        Await.until(
                "all letters are stored",
                Duration.ofSeconds(30),
                () -> dead.lastSequence() >= letters.size(),
                () -> dead.lastSequence() + " of " + letters.size());
        assertThat(dead.payloads())
                .as("each once, by its id, though parts were read again")
                .isEqualTo(letters);
        query.job().cancel().get();
        for (String consumer : stream.management().getConsumerNames(stream.name())) {
            stream.keepConsumer(consumer); // Of a TaskManager that died.
        }
    }

    // ------------------------------------------------------------------ letters without a home

    @Test
    void failsWhenALetterCannotBeStored(NatsServer server, TestStream stream) {
        stream.publish("a", "bad");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'scan.on-error' = 'dead-letter'",
                "'scan.dead-letter.subject' = 'nobody.cares'");

        assertThat(sql.failure("SELECT id FROM t"))
                .contains(
                        "Cannot send a dead letter to subject nobody.cares on "
                                + server.url()
                                + ", because no stream carries the subject. Please create one, or"
                                + " correct 'scan.dead-letter.subject'.");
    }

    @Test
    void refusesToReadItsOwnLetters(NatsServer server, TestStream stream) {
        sql.table("t", "id INT", SqlFixture.from(server, stream), deadLetters(stream));
        assertThatThrownBy(() -> sql.execute("SELECT * FROM t"))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .hasStackTraceContaining(ValidationException.class.getName())
                .hasStackTraceContaining(
                        "The table reads the subject '" + stream.subject("letters") + "' itself");

        sql.table(
                "whole",
                "id INT",
                "'nats.server-url' = '" + server.url() + "'",
                "'nats.stream' = '" + stream.name() + "'",
                deadLetters(stream));
        assertThat(sql.failure("SELECT * FROM whole"))
                .contains(
                        "Cannot send bad records to subject "
                                + stream.subject("letters")
                                + " on "
                                + server.url()
                                + ", because it belongs to stream "
                                + stream.name());
    }
}

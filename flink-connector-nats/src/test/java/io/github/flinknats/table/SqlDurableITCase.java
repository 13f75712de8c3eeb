// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.RetentionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams that delete what is acknowledged, read through a durable consumer. */
@ExtendWith(NatsServerExtension.class)
@Timeout(180)
class SqlDurableITCase {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String DURABLE = "'scan.durable-consumer' = 'd'";
    private static final String CREATE = "'scan.durable-consumer.create' = 'true'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @BeforeEach
    void checkpoint() {
        sql.set("execution.checkpointing.interval", "100 ms");
    }

    private static TestStream queue(NatsServer server) {
        return TestStream.create(
                server, builder -> builder.retentionPolicy(RetentionPolicy.WorkQueue));
    }

    private static ConsumerInfo durable(
            TestStream stream, Consumer<ConsumerConfiguration.Builder> customizer) {
        ConsumerConfiguration.Builder builder =
                ConsumerConfiguration.builder()
                        .durable("d")
                        .ackPolicy(AckPolicy.Explicit)
                        .filterSubject(stream.subjects());
        customizer.accept(builder);
        return stream.addConsumer(builder.build());
    }

    private static void publish(TestStream stream, int from, int to) {
        stream.publishMany("a", from, to, i -> "{\"id\": " + i + "}");
    }

    private static List<Integer> ids(List<Row> rows) {
        return rows.stream().map(row -> (Integer) row.getField(0)).collect(Collectors.toList());
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().collect(Collectors.toList());
    }

    private static void awaitAllAcknowledged(TestStream stream) {
        Await.until(
                "everything is acknowledged",
                LIMIT,
                () -> info(stream).getNumAckPending() == 0 && info(stream).getNumPending() == 0,
                () -> described(stream));
    }

    private static String described(TestStream stream) {
        try {
            return info(stream).toString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @EnumSource(RetentionPolicy.class)
    void readsAndAcknowledgesEveryRetention(RetentionPolicy retention, NatsServer server) {
        TestStream stream =
                TestStream.create(server, builder -> builder.retentionPolicy(retention));
        durable(stream, consumer -> {});
        publish(stream, 0, 5_000);
        sql.table("t", "id INT", SqlFixture.from(server, stream), DURABLE);
        SqlFixture.Running query = sql.start("SELECT id FROM t");

        assertThat(ids(query.next(5_000))).isEqualTo(range(0, 5_000));
        awaitAllAcknowledged(stream);
        publish(stream, 5_000, 5_010);
        assertThat(ids(query.next(10))).isEqualTo(range(5_000, 5_010));
        awaitAllAcknowledged(stream);
        assertThat(stream.info().getStreamState().getMsgCount())
                .isEqualTo(retention == RetentionPolicy.Limits ? 5_010 : 0);
    }

    @Test
    @Covers(
            options = {
                "scan.durable-consumer",
                "scan.durable-consumer.create",
                "scan.startup.mode"
            })
    void createsTheConsumerWhenAskedTo(NatsServer server) throws Exception {
        TestStream stream = queue(server);
        stream.keepConsumer("d");
        stream.publishMany(i -> i % 2 == 0 ? "a" : "b", 0, 100, i -> "{\"id\": " + i + "}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("a") + "," + stream.subject("c")),
                DURABLE,
                CREATE,
                "'scan.startup.mode' = 'consumer'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");

        assertThat(ids(query.next(50)))
                .isEqualTo(range(0, 50).stream().map(i -> i * 2).collect(Collectors.toList()));
        awaitAllAcknowledged(stream);
        assertThat(stream.info().getStreamState().getMsgCount()).isEqualTo(50);
        ConsumerConfiguration made =
                stream.management().getConsumerInfo(stream.name(), "d").getConsumerConfiguration();
        assertThat(made.getDurable()).isEqualTo("d");
        assertThat(made.getAckPolicy()).isEqualTo(AckPolicy.Explicit);
        assertThat(made.getFilterSubjects())
                .containsExactlyInAnyOrder(stream.subject("a"), stream.subject("c"));
        assertThat(made.getMaxAckPending()).isEqualTo(100_000);
        assertThat(made.getAckWait()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void saysWhatToSetForStreamsThatCannotBeReplayed(NatsServer server) {
        TestStream stream = queue(server);
        sql.table("plain", "id INT", SqlFixture.from(server, stream));
        assertThat(sql.failure("SELECT id FROM plain"))
                .contains("its retention is 'workqueue'")
                .contains("set 'scan.durable-consumer' to read it by acknowledging");
        sql.table("t", "id INT", SqlFixture.from(server, stream), DURABLE);
        assertThat(sql.failure("SELECT id FROM t"))
                .contains(
                        "Cannot read stream "
                                + stream.name()
                                + " on "
                                + server.url()
                                + " through durable consumer d, because there is no such consumer."
                                + " Please create it, or set 'scan.durable-consumer.create' to"
                                + " 'true', or correct 'scan.durable-consumer'.");
    }

    @Test
    void needsCheckpoints(NatsServer server) {
        SqlFixture without = new SqlFixture();
        without.beforeEach(null);
        without.table("t", "id INT", SqlFixture.from(server.url(), "a"), DURABLE);
        assertThatThrownBy(() -> without.execute("SELECT id FROM t"))
                .hasStackTraceContaining(
                        "'scan.durable-consumer' needs checkpoints: messages are acknowledged when"
                                + " a checkpoint that holds them has completed. Set"
                                + " 'execution.checkpointing.interval', for example to '10 s'.");
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void refusesConsumersThatDoNotFit(Unfit unfit, NatsServer server) {
        assumeFalse(
                unfit.name.equals("paused") && server.version().startsWith("2.10"),
                "consumers can be paused since 2.11");
        TestStream stream = TestStream.create(server);
        durable(stream, consumer -> unfit.customizer.accept(stream, consumer));
        sql.table("t", "id INT", SqlFixture.from(server.url(), stream.subject("a.>")), DURABLE);
        assertThat(sql.failure("SELECT id FROM t"))
                .contains("through durable consumer d, because ")
                .contains(unfit.text.replace("PREFIX", stream.prefix()))
                .contains("Please change the consumer");
    }

    static Stream<Unfit> unfit() {
        return Stream.of(
                new Unfit(
                        "push",
                        (stream, c) -> c.deliverSubject("x." + stream.prefix()),
                        "its 'deliver_subject' is 'x.PREFIX', so it pushes: it must be pulled"),
                new Unfit(
                        "no acks",
                        (stream, c) -> c.ackPolicy(AckPolicy.None),
                        "its 'ack_policy' is 'none': it must be 'explicit'"),
                new Unfit(
                        "short wait",
                        (stream, c) -> c.ackWait(Duration.ofMillis(900)),
                        "its 'ack_wait' (or the shortest 'backoff') is 900 ms: it must be at least 1 s"),
                new Unfit(
                        "short backoff",
                        (stream, c) -> c.maxDeliver(5).backoff(500, 2_000),
                        "its 'ack_wait' (or the shortest 'backoff') is 500 ms: it must be at least 1 s"),
                new Unfit(
                        "few pulls",
                        (stream, c) -> c.maxPullWaiting(4),
                        "its 'max_waiting' is 4: it must be at least 16"),
                new Unfit(
                        "no payload",
                        (stream, c) -> c.headersOnly(true),
                        "its 'headers_only' is true, so it delivers no payload: it must be false"),
                new Unfit(
                        "short lived",
                        (stream, c) -> c.inactiveThreshold(Duration.ofHours(1)),
                        "its 'inactive_threshold' is 3600 s, so it would be deleted while the job is down:"
                                + " it must not be set"),
                new Unfit(
                        "paused",
                        (stream, c) -> c.pauseUntil(ZonedDateTime.now(ZoneOffset.UTC).plusHours(1)),
                        "it is paused ('pause_until' is "),
                new Unfit(
                        "too wide",
                        (stream, c) -> c.filterSubject(stream.subjects()),
                        "its filter 'PREFIX.>', which 'nats.subject' [PREFIX.a.>] does not cover"),
                new Unfit(
                        "everything",
                        (stream, c) -> c.filterSubjects(),
                        "it has no filter and delivers 'PREFIX.>', which 'nats.subject' [PREFIX.a.>] does"
                                + " not cover"),
                new Unfit(
                        "others",
                        (stream, c) -> c.filterSubject(stream.subject("b")),
                        "its filters [PREFIX.b] deliver nothing of 'PREFIX.a.>'"));
    }

    private static final class Unfit {
        private final String name;
        private final BiConsumer<TestStream, ConsumerConfiguration.Builder> customizer;
        private final String text;

        Unfit(
                String name,
                BiConsumer<TestStream, ConsumerConfiguration.Builder> customizer,
                String text) {
            this.name = name;
            this.customizer =
                    (stream, builder) -> {
                        builder.filterSubject(stream.subject("a.>"));
                        customizer.accept(stream, builder);
                    };
            this.text = text;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1"})
    void goesOnAtASavepoint(int before, int after, NatsServer server, @TempDir Path directory)
            throws Exception {
        TestStream stream = queue(server);
        durable(stream, consumer -> {});
        publish(stream, 0, 1_000);
        String[] options = {
            SqlFixture.from(server, stream), DURABLE, "'scan.parallelism' = '" + before + "'"
        };
        sql.set("pipeline.operator-chaining.enabled", "false");
        sql.table("t", "id INT", options);
        SqlFixture.Running first = sql.start("SELECT id FROM t");
        List<Row> rows = new ArrayList<>(first.next(1_000));
        publish(stream, 1_000, 1_500);
        String savepoint =
                first.job()
                        .stopWithSavepoint(
                                false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
                        .get();
        rows.addAll(first.rest());
        publish(stream, 1_500, 2_000);

        SqlFixture restored = new SqlFixture();
        restored.beforeEach(null);
        restored.set("execution.checkpointing.interval", "100 ms");
        restored.set("pipeline.operator-chaining.enabled", "false");
        restored.set("execution.state-recovery.path", savepoint);
        restored.set("execution.state-recovery.ignore-unclaimed-state", "true");
        options[2] = "'scan.parallelism' = '" + after + "'";
        restored.table("t", "id INT", options);
        SqlFixture.Running second = restored.start("SELECT id FROM t");
        rows.addAll(second.next(2_000 - rows.size()));
        awaitAllAcknowledged(stream);
        second.job().cancel().get();

        assertThat(ids(rows)).containsExactlyInAnyOrderElementsOf(range(0, 2_000));
        assertThat(stream.info().getStreamState().getMsgCount()).isZero();
    }

    /** Reads ten rows of the table and stops; what the session starts next has that state. */
    private void goOnFromSavepoint(Path directory) throws Exception {
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        query.next(10);
        String savepoint = new SqlSavepoints().stop(query, directory, new ArrayList<>());
        sql.set("execution.state-recovery.path", savepoint);
        sql.set("execution.state-recovery.ignore-unclaimed-state", "true");
    }

    @Test
    void refusesAStateThatWasReadThroughAnotherConsumer(NatsServer server, @TempDir Path directory)
            throws Exception {
        TestStream stream = queue(server);
        durable(stream, consumer -> {});
        publish(stream, 0, 10);
        sql.set("pipeline.operator-chaining.enabled", "false");
        sql.table("t", "id INT", SqlFixture.from(server, stream), DURABLE);
        goOnFromSavepoint(directory);
        sql.execute("ALTER TABLE t SET ('scan.durable-consumer' = 'e')");
        assertThat(sql.failure("SELECT id FROM t"))
                .contains("through durable consumer e, because the state to restore is that of")
                .contains("durable consumer d. Please set 'scan.durable-consumer' as it was");
    }

    @Test
    void refusesAStateThatWasReadWithoutAConsumer(
            NatsServer server, TestStream stream, @TempDir Path directory) throws Exception {
        durable(stream, consumer -> {});
        publish(stream, 0, 10);
        sql.set("pipeline.operator-chaining.enabled", "false");
        sql.table("t", "id INT", SqlFixture.from(server, stream));
        goOnFromSavepoint(directory);
        sql.execute("ALTER TABLE t SET ('scan.durable-consumer' = 'd')");
        assertThat(sql.failure("SELECT id FROM t"))
                .contains(
                        "through durable consumer d, because the state to restore is that of a"
                                + " table without a durable consumer. Please set"
                                + " 'scan.durable-consumer' as it was");
    }

    @Test
    void acknowledgesBadRecordsThatAreSkipped(NatsServer server) {
        TestStream stream = queue(server);
        durable(stream, consumer -> {});
        publish(stream, 0, 10);
        stream.publish("a", "no json");
        publish(stream, 10, 20);
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                DURABLE,
                "'scan.on-error' = 'skip'");

        assertThat(ids(sql.start("SELECT id FROM t").next(20))).isEqualTo(range(0, 20));
        awaitAllAcknowledged(stream);
        assertThat(stream.info().getStreamState().getMsgCount()).isZero();
    }

    @Test
    void pausesAtMaxAckPendingUntilTheNextCheckpoint(NatsServer server) {
        TestStream stream = queue(server);
        durable(stream, consumer -> consumer.maxAckPending(100));
        publish(stream, 0, 1_000);
        sql.table("t", "id INT", SqlFixture.from(server, stream), DURABLE);

        assertThat(ids(sql.start("SELECT id FROM t").next(1_000))).isEqualTo(range(0, 1_000));
        awaitAllAcknowledged(stream);
    }

    /** Nothing is taken from the query for three times the time after which it would come again. */
    @Test
    void keepsWhatABlockedPipelineHolds(NatsServer server) throws Exception {
        TestStream stream = queue(server);
        durable(stream, consumer -> consumer.ackWait(Duration.ofSeconds(1)).maxAckPending(5_000));
        String text = "x".repeat(2_000);
        stream.publishMany("a", 0, 5_000, i -> "{\"id\": " + i + ", \"s\": \"" + text + "\"}");
        sql.set("execution.checkpointing.interval", "1 h");
        sql.set("taskmanager.network.memory.max-buffers-per-channel", "4");
        sql.table("t", "id INT, s STRING", SqlFixture.from(server, stream), DURABLE);
        SqlFixture.Running query = sql.start("SELECT id, s FROM t");
        Await.until(
                "messages are on their way", LIMIT, () -> info(stream).getNumAckPending() == 5_000);
        long from = System.nanoTime();
        Await.until(
                "three times ack_wait has passed",
                LIMIT,
                () -> System.nanoTime() - from > Duration.ofSeconds(3).toNanos());

        assertThat(info(stream).getRedelivered()).isZero();
        query.job().cancel().get();
    }

    private static ConsumerInfo info(TestStream stream) throws Exception {
        return stream.management().getConsumerInfo(stream.name(), "d");
    }
}

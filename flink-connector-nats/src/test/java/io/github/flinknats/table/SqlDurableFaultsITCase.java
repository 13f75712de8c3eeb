// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static io.github.flinknats.testing.Direction.FROM_CLIENT;
import static io.github.flinknats.testing.Direction.FROM_SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Fault;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever breaks below a query that acknowledges, its result holds every message once, and in the
 * end all are acknowledged.
 */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(300)
class SqlDurableFaultsITCase {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(2)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @BeforeEach
    void recover() {
        sql.restartJobs("100 ms");
    }

    private static TestStream stream(NatsServer server, RetentionPolicy retention) {
        TestStream stream =
                TestStream.create(server, builder -> builder.retentionPolicy(retention));
        stream.addConsumer(
                ConsumerConfiguration.builder()
                        .durable("d")
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(Duration.ofSeconds(2))
                        .maxAckPending(2_000)
                        .build());
        return stream;
    }

    private static void publish(TestStream stream, int from, int to) {
        stream.publishMany("a", from, to, i -> "{\"id\": " + i + "}");
    }

    private static List<Integer> ids(List<Row> rows) {
        return rows.stream().map(row -> (Integer) row.getField(0)).collect(Collectors.toList());
    }

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().collect(Collectors.toList());
    }

    private static ConsumerInfo info(TestStream stream) throws Exception {
        return stream.management().getConsumerInfo(stream.name(), "d");
    }

    private static void awaitAllAcknowledged(TestStream stream) {
        Await.until(
                "everything is acknowledged",
                LIMIT,
                () -> info(stream).getNumAckPending() == 0 && info(stream).getNumPending() == 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"WorkQueue", "Interest"})
    void readsOnceThroughFaultsInARow(
            RetentionPolicy retention, NatsServer server, @InjectMiniCluster MiniCluster cluster)
            throws Exception {
        TestStream stream = stream(server, retention);
        publish(stream, 0, 20_000);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 3_000).cut();
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 6_000).drop(5);
            proxy.on(FROM_CLIENT, "PUB", "$JS.ACK", 1_000).drop(20);
            proxy.on(FROM_SERVER, "MSG", "_INBOX", 2_000).drop(20);
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    "'scan.durable-consumer' = 'd'",
                    "'scan.parallelism' = '2'");
            SqlFixture.Running query = sql.start("SELECT id FROM t");
            List<Row> rows = new ArrayList<>(query.next(4_000));
            server.kill();
            server.restart();
            rows.addAll(query.next(4_000));
            // As if the machine were gone: nothing is given back, nothing more is acknowledged.
            proxy.refuse(true);
            proxy.cutAll();
            cluster.terminateTaskManager(0).get();
            cluster.startTaskManager();
            proxy.refuse(false);
            rows.addAll(query.next(4_000));
            cluster.terminateTaskManager(1).get();
            cluster.startTaskManager();
            rows.addAll(query.next(4_000));
            server.kill();
            server.restart();
            publish(stream, 20_000, 21_000);
            rows.addAll(query.next(21_000 - rows.size()));

            assertThat(ids(rows)).containsExactlyInAnyOrderElementsOf(upTo(21_000));
            awaitAllAcknowledged(stream);
            publish(stream, 21_000, 21_001);
            assertThat(ids(query.next(1))).isEqualTo(List.of(21_000));
            awaitAllAcknowledged(stream);
            assertThat(stream.info().getStreamState().getMsgCount()).isZero();
            query.job().cancel().get();
        }
    }

    @Test
    void acknowledgesAgainWhatWasNotConfirmed(NatsServer server) throws Exception {
        TestStream stream = stream(server, RetentionPolicy.WorkQueue);
        publish(stream, 0, 100);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            Fault lost = proxy.on(FROM_CLIENT, "PUB", "$JS.ACK", 1).drop(50);
            Fault unconfirmed = proxy.on(FROM_SERVER, "MSG", "_INBOX", 60).drop(10);
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    "'scan.durable-consumer' = 'd'",
                    "'nats.request-timeout' = '1 s'");
            SqlFixture.Running query = sql.start("SELECT id FROM t");

            assertThat(ids(query.next(100))).isEqualTo(upTo(100));
            awaitAllAcknowledged(stream);
            assertThat(lost.isReached()).isTrue();
            publish(stream, 100, 101);
            assertThat(ids(query.next(1))).isEqualTo(List.of(100));
            awaitAllAcknowledged(stream);
            unconfirmed.release();
        }
    }

    @Test
    void failsWhenTheConsumerIsDeleted(NatsServer server) throws Exception {
        TestStream stream = stream(server, RetentionPolicy.WorkQueue);
        publish(stream, 0, 10);
        sql.set("restart-strategy.type", "disable");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subjects()),
                "'scan.durable-consumer' = 'd'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        query.next(10);
        stream.management().deleteConsumer(stream.name(), "d");

        assertThat(query.failure())
                .contains(
                        "Cannot go on reading stream "
                                + stream.name()
                                + " on "
                                + server.url()
                                + " through durable consumer d, because the consumer is gone, and"
                                + " with it the knowledge of what was acknowledged.");
    }
}

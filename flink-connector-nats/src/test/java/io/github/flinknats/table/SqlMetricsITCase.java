// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The metrics that the documentation names, of running jobs, as a reporter gets them. */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(180)
class SqlMetricsITCase {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final InMemoryReporter REPORTER = InMemoryReporter.create();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .setConfiguration(REPORTER.addToConfiguration(new Configuration()))
                            .build());

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    // ------------------------------------------------------------------ reading metrics

    /** The values of a metric of the source's readers, by whatever tells them apart. */
    private static Map<String, Long> values(String name) {
        Map<String, Long> values = new TreeMap<>();
        REPORTER.getMetricsByGroup()
                .forEach(
                        (group, metrics) -> {
                            Metric metric = metrics.get(name);
                            if (metric != null && isSource(group)) {
                                values.put(
                                        String.join("/", group.getScopeComponents()), of(metric));
                            }
                        });
        return values;
    }

    private static boolean isSource(MetricGroup group) {
        String operator = group.getAllVariables().get("<operator_name>");
        return operator != null && operator.startsWith("Source: t[");
    }

    private static long of(Metric metric) {
        if (metric instanceof Counter) {
            return ((Counter) metric).getCount();
        }
        Object value = ((Gauge<?>) metric).getValue();
        return ((Number) value).longValue();
    }

    private static long sum(String name) {
        return values(name).values().stream().mapToLong(Long::longValue).sum();
    }

    /** The values of a metric of splits, by split. */
    private static Map<String, Long> bySplit(String name) {
        Map<String, Long> values = new TreeMap<>();
        REPORTER.getMetricsByGroup()
                .forEach(
                        (group, metrics) -> {
                            String split = group.getAllVariables().get("<split>");
                            Metric metric = metrics.get(name);
                            if (metric != null && split != null && isSource(group)) {
                                values.put(split, of(metric));
                            }
                        });
        return values;
    }

    private static void awaitSum(String name, long value) {
        Await.until(
                name + " is " + value,
                LIMIT,
                () -> sum(name) == value,
                () -> values(name).toString());
    }

    // ------------------------------------------------------------------ tests

    @Test
    void countsWhatIsReadAndWhatIsWrong(NatsServer server, TestStream stream, TestStream dead) {
        stream.publishMany("a", 0, 50, i -> "{\"id\": " + i + "}");
        stream.publishMany("b", 0, 53, i -> i < 3 ? "bad" : "{\"id\": " + i + "}");
        String both = stream.subject("a") + "," + stream.subject("b");
        sql.table(
                "t",
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',"
                        + " WATERMARK FOR ts AS SOURCE_WATERMARK()",
                SqlFixture.from(server.url(), both),
                "'scan.on-error' = 'skip'");
        SqlFixture.Running query = sql.start("SELECT id, ts FROM t");
        query.next(100);

        awaitSum("numRecordsIn", 103);
        assertThat(sum("numRecordsInErrors")).isEqualTo(3);
        assertThat(sum("recordsSkipped")).isEqualTo(3);
        assertThat(sum("recordsDeadLettered")).isZero();
        assertThat(sum("reconnects")).isZero();
        assertThat(sum("dataLosses")).isZero();
        assertThat(sum("numBytesIn"))
                .as("with subjects and replies")
                .isBetween(103L * 60, 103L * 200);
        assertThat(sum("pendingRecords")).isZero();
        assertThat(values("currentFetchEventTimeLag"))
                .hasSize(2)
                .allSatisfy((reader, lag) -> assertThat(lag).isBetween(0L, 60_000L));
        for (String name : List.of("sourceIdleTime", "watermarkLag", "currentEmitEventTimeLag")) {
            // Flink shows the lag of the watermark from the first one on, which a timer emits.
            Await.until(
                    name + " of both readers",
                    LIMIT,
                    () -> values(name).size() == 2,
                    () -> values(name).toString());
        }
        assertThat(new ArrayList<>(bySplit("currentSequence").values())).containsExactly(50L, 103L);
        assertThat(new ArrayList<>(bySplit("pendingRecords").values())).containsExactly(0L, 0L);
        assertThat(new ArrayList<>(bySplit("consumersCreated").values())).containsExactly(1L, 1L);
        assertThat(bySplit("lastConsumerCreation").values())
                .allSatisfy(
                        at ->
                                assertThat(at)
                                        .isBetween(
                                                System.currentTimeMillis() - 60_000,
                                                System.currentTimeMillis()));
    }

    @Test
    void countsConsumersAndConnectionsMadeAnew(NatsServer server, TestStream stream)
            throws Exception {
        stream.publish("a", "{\"id\": 0}");
        sql.table("t", "id INT", SqlFixture.from(server, stream));
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        query.next(1);
        awaitSum("consumersCreated", 1);
        for (String consumer : stream.management().getConsumerNames(stream.name())) {
            stream.management().deleteConsumer(stream.name(), consumer);
        }
        awaitSum("consumersCreated", 2);
        assertThat(sum("reconnects")).isZero();
        server.kill();
        server.restart();
        awaitSum("reconnects", 2); // Shown for the reader and for the split.
        assertThat(bySplit("reconnects").values()).containsExactly(1L);
        awaitSum("consumersCreated", 3);
    }

    @Test
    void countsLosses(NatsServer server, TestStream stream) throws Exception {
        stream.publishMany("a", 0, 1_000, i -> "{\"id\": " + i + "}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("a") + "," + stream.subject("b")),
                "'scan.fetch.max-messages' = '8'",
                "'scan.rate-limit' = '20'",
                "'scan.parallelism' = '1'",
                "'scan.on-data-loss' = 'continue'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        query.next(1);
        stream.management().purgeStream(stream.name());
        awaitSum("dataLosses", 2);
        assertThat(values("dataLosses").values()).containsExactlyInAnyOrder(1L, 1L, 0L);
        assertThat(bySplit("dataLosses"))
                .allSatisfy(
                        (split, losses) ->
                                assertThat(losses)
                                        .isEqualTo(split.contains(stream.subject("a")) ? 1 : 0));
    }

    @Test
    void countsDeadLetters(NatsServer server, TestStream stream, TestStream dead) {
        stream.publishMany("a", 0, 5, i -> i % 2 == 0 ? "bad" : "{\"id\": " + i + "}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'scan.on-error' = 'dead-letter'",
                "'scan.dead-letter.subject' = '" + dead.subject("x") + "'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        query.next(2);

        awaitSum("recordsDeadLettered", 3);
        assertThat(sum("numRecordsInErrors")).isEqualTo(3);
        assertThat(sum("recordsSkipped")).isZero();
    }

    @Test
    void showsWhatIsStillToBeReadAndForgetsWhatHasBeen(NatsServer server, TestStream stream) {
        stream.publishMany("a", 0, 1_000, i -> "{\"id\": " + i + "}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("a") + "," + stream.subject("b")),
                "'scan.fetch.max-messages' = '8'",
                "'scan.rate-limit' = '20'",
                "'scan.parallelism' = '1'",
                "'scan.bounded.mode' = 'latest'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        query.next(1);
        Await.until(
                "the split without messages is forgotten",
                LIMIT,
                () -> bySplit("currentSequence").size() == 1,
                () -> bySplit("currentSequence").toString());
        String left = new TreeSet<>(bySplit("currentSequence").keySet()).first();
        assertThat(left).contains(stream.subject("a"));
        long pending = sum("pendingRecords") / 2; // Shown for the reader and for the split.
        long sequence = sum("currentSequence");
        assertThat(pending).isBetween(500L, 999L);
        assertThat(sequence).isBetween(1L, 500L);
        assertThat(bySplit("pendingRecords").values()).allSatisfy(p -> assertThat(p).isPositive());
    }
}

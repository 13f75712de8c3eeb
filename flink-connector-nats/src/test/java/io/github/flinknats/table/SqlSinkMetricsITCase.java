// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.Fault;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The metrics of writers that the documentation names, as a reporter gets them. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlSinkMetricsITCase {
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

    /** The sum over all writers of the table "t". */
    private static long sum(String name) {
        AtomicLong sum = new AtomicLong();
        REPORTER.getMetricsByGroup()
                .forEach(
                        (group, metrics) -> {
                            String operator = group.getAllVariables().get("<operator_name>");
                            Metric metric = metrics.get(name);
                            if (metric != null && operator != null && operator.startsWith("t[")) {
                                sum.addAndGet(of(metric));
                            }
                        });
        return sum.get();
    }

    private static long of(Metric metric) {
        return metric instanceof Counter
                ? ((Counter) metric).getCount()
                : ((Number) ((Gauge<?>) metric).getValue()).longValue();
    }

    private static void await(String name, long value) {
        Await.until(
                name + " is " + value,
                LIMIT,
                () -> sum(name) == value,
                () -> String.valueOf(sum(name)));
    }

    @Test
    void countsWhatIsWrittenAndWhatIsOnItsWay(
            NatsServer server, TestStream input, TestStream output) throws Exception {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            sql.table("source", "id INT", SqlFixture.from(server, input));
            sql.table(
                    "t",
                    "id INT, m STRING METADATA FROM 'msg-id'",
                    SqlFixture.from(proxy.url(), output.subject("a")),
                    "'sink.parallelism' = '1'");
            sql.execute("INSERT INTO t SELECT id, CAST(id AS STRING) FROM source");
            input.publish("a", "{\"id\": 1}");
            input.publish("a", "{\"id\": 2}");
            await("numRecordsSend", 2);
            await("inFlight", 0);
            assertThat(sum("retries")).isZero();
            assertThat(sum("recognisedRepeats")).isZero();
            assertThat(sum("numRecordsSendErrors")).isZero();
            assertThat(sum("numBytesSend"))
                    .isEqualTo(2L * (output.subject("a") + "{\"id\":1}Nats-Msg-Id1...").length());
            assertThat(sum("currentSendTime")).isBetween(0L, 10_000L);

            input.publish("a", "{\"id\": 1}");
            await("recognisedRepeats", 1);

            Fault answers = proxy.on(Direction.FROM_SERVER, "MSG", "_INBOX", 0).silence();
            input.publish("a", "{\"id\": 3}");
            answers.awaitReached(LIMIT);
            SqlFixture.awaitLast(output, 3);
            assertThat(sum("inFlight")).isEqualTo(1);
            proxy.cutAll();
            await("inFlight", 0);
            assertThat(sum("retries")).isEqualTo(1);
            assertThat(sum("recognisedRepeats")).isEqualTo(2);
            assertThat(output.payloads()).containsExactly("{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
        }
    }

    @Test
    void countsCommits(NatsServer server, TestStream input) throws Exception {
        TestStream output = SqlExactlyOnceITCase.atomic(server);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            sql.set("execution.checkpointing.interval", "100 ms");
            sql.table("source", "id INT", SqlFixture.from(server, input));
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), output.subject("a")),
                    SqlExactlyOnceITCase.EXACTLY_ONCE,
                    "'nats.request-timeout' = '1 s'",
                    "'sink.parallelism' = '1'");
            sql.execute("INSERT INTO t SELECT id FROM source");
            input.publish("a", "{\"id\": 1}");
            await("commits", 1);
            await("numRecordsSend", 1);
            assertThat(sum("recognisedRepeats")).isZero();
            assertThat(sum("commitRetries")).isZero();

            Fault commit = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), 0).hold();
            input.publish("a", "{\"id\": 2}");
            commit.awaitReached(LIMIT);
            Fault answer = proxy.on(Direction.FROM_SERVER, "MSG", "_INBOX", 0).silence();
            commit.release();
            answer.awaitReached(LIMIT);
            await("commits", 2);
            assertThat(sum("recognisedRepeats")).isEqualTo(1);
            assertThat(sum("commitRetries")).isEqualTo(1);
            assertThat(sum("alreadyCommittedCommittables")).isEqualTo(1);
            assertThat(sum("numRecordsSendErrors")).isZero();
            assertThat(output.payloads()).isEqualTo(SqlSinkITCase.payloads(1, 2));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Watermark alignment: a split that runs ahead waits for the others. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlAlignmentITCase {
    private static final int MESSAGES = 200_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @Test
    void holdsBackASplitThatRunsAhead(NatsServer server, TestStream stream) throws Exception {
        stream.publish("slow", "{\"ts\": 0}");
        stream.publishMany("fast", 0, MESSAGES, i -> "{\"ts\": " + i * 1_000L + "}");
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.table(
                "t",
                "ts BIGINT, happened AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR happened AS happened",
                SqlFixture.from(
                        server.url(), stream.subject("slow") + "," + stream.subject("fast")),
                "'scan.fetch.max-messages' = '64'",
                "'scan.watermark.alignment.group' = 'g'",
                "'scan.watermark.alignment.max-drift' = '60 s'",
                "'scan.watermark.alignment.update-interval' = '50 ms'");
        sql.execute("CREATE TABLE nowhere (ts BIGINT) WITH ('connector' = 'blackhole')");
        JobClient job = sql.execute("INSERT INTO nowhere SELECT ts FROM t").getJobClient().get();
        SqlFixture.awaitConsumers(server, stream, 2);

        AtomicLong before = new AtomicLong(-1);
        AtomicInteger same = new AtomicInteger();
        Await.until(
                "the fast split stands still",
                LIMIT,
                () -> {
                    long now = unread(stream);
                    same.set(now == before.getAndSet(now) ? same.get() + 1 : 0);
                    return same.get() == 20;
                },
                () -> before + " messages unread");
        assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
        assertThat(before.get()).as("messages that wait").isPositive();

        stream.publish("slow", "{\"ts\": " + MESSAGES * 1_000L + "}");
        Await.until("the fast split goes on", LIMIT, () -> unread(stream) == 0);
    }

    private static long unread(TestStream stream) throws Exception {
        long unread = 0;
        for (String consumer : stream.management().getConsumerNames(stream.name())) {
            unread += stream.management().getConsumerInfo(stream.name(), consumer).getNumPending();
        }
        return unread;
    }
}

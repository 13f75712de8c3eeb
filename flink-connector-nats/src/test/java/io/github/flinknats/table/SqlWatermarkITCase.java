// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.util.List;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Watermarks per split, from columns and from the store time. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlWatermarkITCase {

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    /** One filter is far ahead in time: with one watermark for both, the other's rows were late. */
    @Test
    @Covers(options = "scan.ordering")
    void keepsAWatermarkPerFilter(NatsServer server, TestStream stream) throws Exception {
        stream.publishMany(
                "ahead", 0, 2_000, i -> "{\"id\":1,\"at\":" + (1_000_000_000L + i * 1_000L) + "}");
        stream.publishMany("behind", 0, 2_000, i -> "{\"id\":2,\"at\":" + i * 1_000L + "}");
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.set("pipeline.auto-watermark-interval", "1ms");
        sql.table(
                "t",
                "id INT, `at` BIGINT, ts AS TO_TIMESTAMP_LTZ(`at`, 3), WATERMARK FOR ts AS ts",
                SqlFixture.from(
                        server.url(), stream.subject("ahead") + "," + stream.subject("behind")),
                "'scan.bounded.mode' = 'latest', 'scan.ordering' = 'filter'",
                "'scan.watermark.emit.strategy' = 'on-event'");

        List<Row> rows =
                sql.rows(
                        "SELECT id, SUM(n) FROM (SELECT id, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t,"
                                + " DESCRIPTOR(ts), INTERVAL '10' SECOND))"
                                + " GROUP BY id, window_start, window_end) GROUP BY id");

        assertThat(last(rows, 1)).isEqualTo(2_000L);
        assertThat(last(rows, 2)).isEqualTo(2_000L);
    }

    private static Object last(List<Row> rows, int id) {
        Object last = null;
        for (Row row : rows) {
            last = row.getField(0).equals(id) ? row.getField(1) : last;
        }
        return last;
    }

    @Test
    void closesWindowsByTheStoreTime(NatsServer server, TestStream stream) {
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.set("pipeline.auto-watermark-interval", "5ms");
        sql.table(
                "t",
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',"
                        + " WATERMARK FOR ts AS SOURCE_WATERMARK()",
                SqlFixture.from(server, stream));
        SqlFixture.Running query = windows();
        stream.publish("a", "{\"id\":1}");
        stream.publish("a", "{\"id\":2}");
        publishLater(stream, "a", "{\"id\":100}");

        long first = (Long) query.next(1).get(0).getField(0);
        if (first == 1) {
            first += (Long) query.next(1).get(0).getField(0);
        }
        assertThat(first).isEqualTo(3);
    }

    /** The second filter never gets a message and must not hold the first one back. */
    @Test
    @Covers(options = "scan.watermark.idle-timeout")
    void waitsNotForAFilterThatIsIdle(NatsServer server, TestStream stream) {
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.set("pipeline.auto-watermark-interval", "5ms");
        sql.table(
                "t",
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',"
                        + " WATERMARK FOR ts AS SOURCE_WATERMARK()",
                SqlFixture.from(
                        server.url(), stream.subject("busy") + "," + stream.subject("quiet")),
                "'scan.watermark.idle-timeout' = '500ms'");
        SqlFixture.Running query = windows();
        stream.publish("busy", "{\"id\":1}");
        publishLater(stream, "busy", "{\"id\":100}");

        assertThat(query.next(1)).containsExactly(Row.of(1L));
    }

    private SqlFixture.Running windows() {
        return sql.start(
                "SELECT CAST(SUM(id) AS BIGINT) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts),"
                        + " INTERVAL '1' SECOND)) GROUP BY window_start, window_end");
    }

    /** In a later window than everything before. */
    private static void publishLater(TestStream stream, String suffix, String payload) {
        long last = System.currentTimeMillis();
        Await.until(
                "the next window has begun",
                Duration.ofSeconds(10),
                () -> System.currentTimeMillis() / 1_000 > last / 1_000 + 1);
        stream.publish(suffix, payload);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A table reads no faster than it may, and nothing else waits for that. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlRateLimitITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    /** 300 records at 100 per second, but for the first ones and what a tenth of a second saves. */
    private static final Duration SHORTEST = Duration.ofMillis(2_800);

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @Test
    @Covers(options = "scan.rate-limit")
    void readsNoFasterThanItMay(NatsServer server, TestStream stream) {
        stream.publishMany("a", 0, 300, i -> "{\"id\": " + i + "}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'scan.rate-limit' = '100'",
                BOUNDED);

        List<Row> rows = sql.rows("SELECT id, PROCTIME() FROM t");
        assertThat(ids(rows))
                .isEqualTo(IntStream.range(0, 300).boxed().collect(Collectors.toList()));
        assertThat(time(rows)).isGreaterThan(SHORTEST);
    }

    private static List<Integer> ids(List<Row> rows) {
        return rows.stream().map(row -> (Integer) row.getField(0)).collect(Collectors.toList());
    }

    /** Between the first and the last record, by the clock of the tasks. */
    private static Duration time(List<Row> rows) {
        List<Instant> times =
                rows.stream()
                        .map(row -> (Instant) row.getField(1))
                        .sorted()
                        .collect(Collectors.toList());
        return Duration.between(times.get(0), times.get(times.size() - 1));
    }

    @Test
    void sharesTheRateBetweenSubtasks(NatsServer server, TestStream stream) {
        stream.publishMany("a", 0, 150, i -> "{\"id\": " + i + "}");
        stream.publishMany("b", 150, 300, i -> "{\"id\": " + i + "}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("a") + "," + stream.subject("b")),
                "'scan.rate-limit' = '100'",
                BOUNDED);

        List<Row> rows = sql.rows("SELECT id, PROCTIME() FROM t");
        assertThat(ids(rows))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 300).boxed().collect(Collectors.toList()));
        assertThat(time(rows)).isGreaterThan(SHORTEST);
    }

    @Test
    void takesASavepointBetweenTwoRecords(
            NatsServer server, TestStream stream, @TempDir Path directory) throws Exception {
        stream.publishMany("a", 0, 3, i -> "{\"id\": " + i + "}");
        Duration between = Duration.ofSeconds(100);
        sql.table("t", "id INT", SqlFixture.from(server, stream), "'scan.rate-limit' = '0.01'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        assertThat(query.next(1)).containsExactly(Row.of(0));
        String savepoint =
                query.job()
                        .stopWithSavepoint(
                                false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
                        .get(between.toSeconds() / 3, TimeUnit.SECONDS);
        assertThat(query.rest()).isEmpty();

        sql.set("execution.state-recovery.path", savepoint);
        sql.set("execution.state-recovery.ignore-unclaimed-state", "true");
        SqlFixture.Running second = sql.start("SELECT id FROM t");
        assertThat(second.next(1)).containsExactly(Row.of(1));
    }
}

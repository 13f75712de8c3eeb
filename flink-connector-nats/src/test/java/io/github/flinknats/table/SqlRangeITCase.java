// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where reading starts and ends. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlRangeITCase {

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private String from;

    @BeforeEach
    void fill(NatsServer server, TestStream stream) {
        for (int id = 1; id <= 5; id++) {
            stream.publish("a", "{\"id\":" + id + "}");
        }
        from = SqlFixture.from(server, stream);
    }

    @Test
    @Covers(options = {"scan.startup.mode", "scan.bounded.mode"})
    void readsFromTheFirstToTheLastMessage() throws Exception {
        sql.table("t", "id INT", from, "'scan.bounded.mode'='latest'");
        sql.table(
                "e",
                "id INT",
                from,
                "'scan.startup.mode'='earliest', 'scan.bounded.mode'='latest'");

        assertThat(ids("t")).containsExactly(1, 2, 3, 4, 5);
        assertThat(ids("e")).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    @Covers(options = {"scan.startup.mode", "scan.bounded.mode"})
    void readsOnlyWhatComesLater(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT",
                from,
                "'scan.startup.mode'='latest', 'scan.bounded.mode'='unbounded'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        SqlFixture.awaitConsumers(server, stream, 1);
        stream.publish("a", "{\"id\":6}");
        stream.publish("a", "{\"id\":7}");

        assertThat(query.next(2)).containsExactly(Row.of(6), Row.of(7));
    }

    @Test
    @Covers(options = {"scan.startup.sequence", "scan.bounded.sequence"})
    void readsASequenceRangeWithBothEnds() throws Exception {
        sql.table(
                "t",
                "id INT",
                from,
                "'scan.startup.mode'='sequence', 'scan.startup.sequence'='2',"
                        + "'scan.bounded.mode'='sequence', 'scan.bounded.sequence'='4'");

        assertThat(ids("t")).containsExactly(2, 3, 4);
    }

    @Test
    @Covers(options = {"scan.startup.timestamp", "scan.bounded.timestamp"})
    void tilesTimeWithoutGapOrOverlap(TestStream stream) throws Exception {
        String middle = stored(stream, 2).toString();
        sql.table(
                "upto",
                "id INT",
                from,
                "'scan.bounded.mode'='timestamp', 'scan.bounded.timestamp'='" + middle + "'");
        sql.table(
                "since",
                "id INT",
                from,
                "'scan.startup.mode'='timestamp', 'scan.startup.timestamp'='"
                        + middle
                        + "',"
                        + "'scan.bounded.mode'='latest'");

        assertThat(ids("upto")).containsExactly(1, 2);
        assertThat(ids("since")).containsExactly(3, 4, 5);
    }

    @Test
    @Covers(options = "scan.startup.timestamp")
    void takesTimesInTheZoneOfTheSession(TestStream stream) throws Exception {
        ZoneId zone = ZoneId.of("Asia/Kathmandu");
        sql.set("table.local-time-zone", zone.getId());
        LocalDateTime local = LocalDateTime.ofInstant(stored(stream, 3), zone);
        sql.table(
                "t",
                "id INT",
                from,
                "'scan.startup.mode'='timestamp', 'scan.startup.timestamp'='"
                        + local
                        + "',"
                        + "'scan.bounded.mode'='latest'");

        assertThat(ids("t")).containsExactly(4, 5);
    }

    @Test
    @Covers(options = "scan.startup.timestamp-millis")
    void takesMilliseconds(TestStream stream) throws Exception {
        long millis = stored(stream, 4).toEpochMilli() + 1;
        Await.until(
                "the clock has moved on",
                Duration.ofSeconds(5),
                () -> System.currentTimeMillis() > millis);
        stream.publish("a", "{\"id\":6}");
        sql.table(
                "t",
                "id INT",
                from,
                "'scan.startup.mode'='timestamp', 'scan.startup.timestamp-millis'='"
                        + millis
                        + "',"
                        + "'scan.bounded.mode'='latest'");

        assertThat(ids("t")).containsExactly(6);
    }

    @Test
    void endsAtOnceWhenThereIsNothing(TestStream stream) throws Exception {
        stream.purge();
        sql.table("t", "id INT", from, "'scan.bounded.mode'='latest'");

        assertThat(ids("t")).isEmpty();
    }

    private static Instant stored(TestStream stream, int index) {
        return stream.messages().get(index).getTime().toInstant();
    }

    private List<Integer> ids(String table) throws Exception {
        return sql.rows("SELECT id FROM " + table).stream()
                .map(row -> (Integer) row.getField(0))
                .collect(Collectors.toList());
    }
}

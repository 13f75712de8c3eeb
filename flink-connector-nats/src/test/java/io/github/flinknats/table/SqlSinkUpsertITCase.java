// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A table with a key holds, under the subject of each key, what became of its row. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlSinkUpsertITCase {
    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private TestStream changes;

    @BeforeEach
    void feedChanges(NatsServer server) {
        changes = TestStream.create(server);
        // Changes with their kinds: c creates, u updates, d deletes.
        change("c", "null", "{\"id\": 1, \"v\": \"a\"}");
        change("c", "null", "{\"id\": 2, \"v\": \"b\"}");
        change("u", "{\"id\": 1, \"v\": \"a\"}", "{\"id\": 1, \"v\": \"A\"}");
        change("d", "{\"id\": 2, \"v\": \"b\"}", "null");
        change("c", "null", "{\"id\": 3, \"v\": \"c\"}");
        sql.table(
                "changes",
                "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server, changes),
                "'format' = 'debezium-json'",
                "'scan.bounded.mode' = 'latest'");
    }

    private void change(String op, String before, String after) {
        changes.publish(
                "c",
                "{\"before\": " + before + ", \"after\": " + after + ", \"op\": \"" + op + "\"}");
    }

    /** The lines of each subject, in order. */
    private static Map<String, List<String>> bySubject(TestStream stream) {
        Map<String, List<String>> lines = new HashMap<>();
        for (String line : SqlSinkITCase.lines(stream)) {
            String[] parts = line.split(" ", 2);
            lines.computeIfAbsent(parts[0], subject -> new ArrayList<>()).add(parts[1]);
        }
        return lines;
    }

    @Test
    void writesRowsAndDeletionsToTheSubjectOfTheKey(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{id}")));
        sql.insert("INSERT INTO t SELECT * FROM changes");
        assertThat(bySubject(stream))
                .isEqualTo(
                        Map.of(
                                "1",
                                List.of("{\"id\":1,\"v\":\"a\"}", "{\"id\":1,\"v\":\"A\"}"),
                                "2",
                                List.of("{\"id\":2,\"v\":\"b\"}", ""),
                                "3",
                                List.of("{\"id\":3,\"v\":\"c\"}")));
    }

    /** Without a key of the input, Flink deletes a row before it writes its successor. */
    @Test
    void endsWithTheTableThatFlinksMaterializationMakes(NatsServer server) {
        TestStream stream = TestStream.create(server, builder -> builder.maxMessagesPerSubject(1));
        sql.table(
                "keyless",
                "id INT, v STRING",
                SqlFixture.from(server, changes),
                "'format' = 'debezium-json'",
                "'scan.bounded.mode' = 'latest'");
        sql.table(
                "t",
                "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{id}")));
        sql.insert("INSERT INTO t SELECT * FROM keyless");
        assertThat(bySubject(stream))
                .isEqualTo(
                        Map.of(
                                "1", List.of("{\"id\":1,\"v\":\"A\"}"),
                                "2", List.of(""),
                                "3", List.of("{\"id\":3,\"v\":\"c\"}")));
    }

    /** An update that changes a column of the subject leaves nothing behind. */
    @Test
    void movesARowToItsNewSubject(NatsServer server, TestStream stream) {
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.table(
                "u",
                "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{v}.{id}")));
        sql.insert("INSERT INTO u SELECT * FROM changes");
        assertThat(SqlSinkITCase.lines(stream))
                .containsExactly(
                        "a.1 {\"id\":1,\"v\":\"a\"}",
                        "b.2 {\"id\":2,\"v\":\"b\"}",
                        "a.1 ",
                        "A.1 {\"id\":1,\"v\":\"A\"}",
                        "b.2 ",
                        "c.3 {\"id\":3,\"v\":\"c\"}");
    }

    @Test
    @Covers(options = "sink.buffer-flush.max-rows")
    void keepsTheLastRowOfEachKeyUntilThereAreEnough(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{id}")),
                "'sink.parallelism' = '1'",
                "'sink.buffer-flush.max-rows' = '3'");
        sql.insert("INSERT INTO t SELECT * FROM changes");
        assertThat(SqlSinkITCase.lines(stream))
                .containsExactly("1 {\"id\":1,\"v\":\"A\"}", "2 ", "3 {\"id\":3,\"v\":\"c\"}");
    }

    @Test
    @Covers(options = "sink.buffer-flush.interval")
    void keepsTheLastRowOfEachKeyForATime(NatsServer server, TestStream stream) throws Exception {
        sql.table(
                "live",
                "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server, changes),
                "'format' = 'debezium-json'");
        sql.table(
                "t",
                "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{id}")),
                "'sink.parallelism' = '1'",
                "'sink.buffer-flush.interval' = '3 s'");
        JobClient job =
                sql.execute("INSERT INTO t SELECT * FROM live").getJobClient().orElseThrow();
        SqlFixture.awaitLast(stream, 3);
        change("u", "{\"id\": 3, \"v\": \"c\"}", "{\"id\": 3, \"v\": \"C\"}");
        change("u", "{\"id\": 3, \"v\": \"C\"}", "{\"id\": 3, \"v\": \"D\"}");
        long start = System.nanoTime();
        SqlFixture.awaitLast(stream, 4);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofSeconds(1));
        assertThat(SqlSinkITCase.lines(stream))
                .containsExactly(
                        "1 {\"id\":1,\"v\":\"A\"}",
                        "2 ",
                        "3 {\"id\":3,\"v\":\"c\"}",
                        "3 {\"id\":3,\"v\":\"D\"}");
        job.cancel().get();
    }

    @Test
    void writesWhatAnAggregationBecomes(NatsServer server) {
        TestStream stream = TestStream.create(server, builder -> builder.maxMessagesPerSubject(1));
        sql.table(
                "t",
                "region STRING, n BIGINT, PRIMARY KEY (region) NOT ENFORCED",
                SqlFixture.from(server.url(), stream.subject("{region}")));
        sql.insert(
                "INSERT INTO t SELECT region, COUNT(*) FROM (VALUES ('eu'), ('us'), ('eu'), ('eu'))"
                        + " AS v(region) GROUP BY region");
        assertThat(SqlSinkITCase.lines(stream))
                .containsExactlyInAnyOrder(
                        "eu {\"region\":\"eu\",\"n\":3}", "us {\"region\":\"us\",\"n\":1}");
    }

    @Test
    void writesEveryChangeInAFormatOfChanges(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT, v STRING",
                SqlFixture.from(server.url(), stream.subject("all")),
                "'format' = 'debezium-json'");
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.insert("INSERT INTO t SELECT * FROM changes WHERE id = 2");
        assertThat(SqlSinkITCase.lines(stream))
                .containsExactly(
                        "all {\"before\":null,\"after\":{\"id\":2,\"v\":\"b\"},\"op\":\"c\"}",
                        "all {\"before\":{\"id\":2,\"v\":\"b\"},\"after\":null,\"op\":\"d\"}");
    }
}

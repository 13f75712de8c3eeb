// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.impl.Headers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queries in batch mode, and what the planner knows of the tables then. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlBatchITCase {
    private static final String COLUMNS =
            "region STRING, id INT, v INT, op STRING METADATA FROM 'operation' VIRTUAL,"
                    + " seq BIGINT METADATA FROM 'sequence' VIRTUAL";
    private static final Pattern ROWS =
            Pattern.compile("TableSourceScan\\(.*rowcount = ([0-9.E]+)");

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    private final TableEnvironment env = TableEnvironment.create(EnvironmentSettings.inBatchMode());

    @BeforeEach
    void prepare() {
        env.getConfig().set("table.exec.resource.default-parallelism", "2");
    }

    private void table(
            NatsServer server, TestStream stream, String name, String columns, String... options) {
        env.executeSql(
                "CREATE TABLE "
                        + name
                        + " ("
                        + columns
                        + ") WITH ('connector' = 'nats', 'format' = 'json', "
                        + SqlFixture.from(server.url(), stream.subject("{region}.{id}"))
                        + (options.length == 0 ? "" : ", " + String.join(", ", options))
                        + ")");
    }

    private List<Row> rows(String query) {
        return CollectionUtil.iteratorToList(env.executeSql(query).collect());
    }

    private static void publish(TestStream stream) {
        for (int id = 1; id <= 40; id++) {
            String region = id % 4 == 0 ? "us" : "eu";
            stream.publish(region + "." + id, "{\"v\":" + id + "}");
        }
        stream.publish("eu.1", "{\"v\":100}");
        stream.publish("eu.2", new Headers().add("KV-Operation", "DEL"), "");
    }

    @Test
    void readsToTheEnd(NatsServer server, TestStream stream) {
        publish(stream);
        table(server, stream, "t", COLUMNS, "'scan.bounded.mode' = 'latest'");

        assertThat(rows("SELECT region, COUNT(*), SUM(v) FROM t GROUP BY region"))
                .containsExactlyInAnyOrder(Row.of("eu", 32L, 700), Row.of("us", 10L, 220));
        assertThat(rows("SELECT id FROM t WHERE region = 'us' AND seq > 20 ORDER BY id"))
                .containsExactly(Row.of(24), Row.of(28), Row.of(32), Row.of(36), Row.of(40));
        assertThat(rows("SELECT a.v FROM t a JOIN t b ON a.id = b.id WHERE b.v = 100 ORDER BY a.v"))
                .containsExactly(Row.of(1), Row.of(100));
    }

    @Test
    void findsTheNewestRowOfEachKey(NatsServer server, TestStream stream) {
        publish(stream);
        table(server, stream, "t", COLUMNS, "'scan.bounded.mode' = 'latest'");

        assertThat(
                        rows(
                                "SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER"
                                        + " (PARTITION BY region, id ORDER BY seq DESC) AS n FROM t)"
                                        + " WHERE n = 1 AND op = 'PUT' AND id < 4 ORDER BY id"))
                .containsExactly(Row.of(1, 100), Row.of(3, 3));
    }

    @Test
    void writes(NatsServer server, TestStream stream) throws Exception {
        String columns = "region STRING, id INT, v INT, PRIMARY KEY (region, id) NOT ENFORCED";
        table(server, stream, "t", columns);
        env.executeSql("INSERT INTO t VALUES ('eu', 1, 1), ('us', 2, 2)").await();

        table(server, stream, "back", COLUMNS, "'scan.bounded.mode' = 'latest'");
        assertThat(rows("SELECT region, id, v, op FROM back ORDER BY id"))
                .containsExactly(Row.of("eu", 1, 1, "PUT"), Row.of("us", 2, 2, "PUT"));
    }

    @Test
    void knowsHowMuchThereIsToRead(NatsServer server, TestStream stream) {
        publish(stream);
        stream.deleteMessage(5);
        String end = "'scan.bounded.mode' = 'latest'";
        table(server, stream, "t", COLUMNS, end);
        table(server, stream, "u", COLUMNS, end, "'scan.startup.mode' = 'last-per-subject'");
        table(
                server,
                stream,
                "w",
                COLUMNS,
                "'scan.startup.mode' = 'sequence'",
                "'scan.startup.sequence' = '3'",
                "'scan.bounded.mode' = 'sequence'",
                "'scan.bounded.sequence' = '12'");

        assertThat(scanned("SELECT id FROM t")).isEqualTo(41);
        assertThat(scanned("SELECT id FROM t WHERE region = 'us'")).isEqualTo(10);
        assertThat(scanned("SELECT id FROM t WHERE region = 'us' AND seq <= 20")).isEqualTo(5);
        assertThat(scanned("SELECT id FROM u")).isEqualTo(39);
        assertThat(scanned("SELECT id FROM w")).isEqualTo(9);
        assertThat(scanned("SELECT id FROM t LIMIT 3")).isEqualTo(3);
        env.getConfig().set("table.optimizer.source.report-statistics-enabled", "false");
        assertThat(scanned("SELECT id FROM t")).isEqualTo(100_000_000);
    }

    private double scanned(String query) {
        String plan = env.explainSql(query, ExplainDetail.ESTIMATED_COST);
        Matcher rows = ROWS.matcher(plan);
        assertThat(rows.find()).as(plan).isTrue();
        return Double.parseDouble(rows.group(1));
    }

    @Test
    void refusesWhatHasNoEndOrIsNoTableOfInserts(NatsServer server, TestStream stream) {
        table(server, stream, "endless", COLUMNS);
        assertThatThrownBy(() -> rows("SELECT id FROM endless"))
                .hasMessageContaining("in batch mode, because the table has no end")
                .hasMessageContaining("'scan.bounded.mode', for example to 'latest'")
                .hasMessageContaining("'execution.runtime-mode' = 'streaming'");
        table(server, stream, "durable", COLUMNS, "'scan.durable-consumer' = 'worker'");
        assertThatThrownBy(() -> rows("SELECT id FROM durable"))
                .hasMessageContaining("what is read by acknowledging has no end");
        table(
                server,
                stream,
                "keyed",
                "region STRING, id INT, v INT, PRIMARY KEY (region, id) NOT ENFORCED",
                "'scan.bounded.mode' = 'latest'");
        assertThatThrownBy(() -> rows("SELECT id FROM keyed"))
                .hasMessageContaining("rows of the table supersede and delete one another")
                .hasMessageContaining("ROW_NUMBER()");
    }

    /** In streaming mode a bounded table with a key ends, and its rows are those of a table. */
    @Test
    void readsATableWithAKeyToItsEndInStreamingMode(NatsServer server, TestStream stream) {
        publish(stream);
        TableEnvironment streaming = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        streaming.getConfig().set("table.exec.resource.default-parallelism", "1");
        streaming.executeSql(
                "CREATE TABLE t (region STRING, id INT, v INT,"
                        + " PRIMARY KEY (region, id) NOT ENFORCED) WITH ('connector' = 'nats',"
                        + " 'format' = 'json', 'scan.bounded.mode' = 'latest', "
                        + SqlFixture.from(server.url(), stream.subject("{region}.{id}"))
                        + ")");
        List<Row> rows =
                CollectionUtil.iteratorToList(
                        streaming.executeSql("SELECT COUNT(*), SUM(v) FROM t").collect());
        assertThat(rows.get(rows.size() - 1).toString()).isEqualTo("+U[39, 917]");
    }

    @Test
    void plansWithoutAServer(NatsServer server, TestStream stream) {
        env.executeSql(
                "CREATE TABLE t (id INT) WITH ('connector' = 'nats', 'format' = 'json',"
                        + " 'nats.server-url' = 'localhost:1', 'nats.subject' = 'a',"
                        + " 'scan.bounded.mode' = 'latest')");

        assertThat(scanned("SELECT id FROM t")).isEqualTo(100_000_000);
    }
}

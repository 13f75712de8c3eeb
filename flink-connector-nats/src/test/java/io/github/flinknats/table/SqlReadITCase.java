// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.Options;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.InjectClusterClient;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is read, and how. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlReadITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @Test
    @Covers(options = {"nats.subject", "nats.server-url"})
    void readsTheSubjectsOfAList(NatsServer server, TestStream stream) throws Exception {
        String[] suffixes = {"a", "b.x", "c", "b.y", "b.x.z"};
        for (String suffix : suffixes) {
            stream.publish(suffix, "{\"name\":\"" + suffix + "\"}");
        }
        sql.table(
                "t",
                "name STRING",
                SqlFixture.from(server.url(), stream.subject("a") + " , " + stream.subject("b.*")),
                BOUNDED);

        assertThat(sql.rows("SELECT name FROM t"))
                .containsExactlyInAnyOrder(Row.of("a"), Row.of("b.x"), Row.of("b.y"));
    }

    @Test
    @Covers(options = {"nats.stream"})
    void readsAllSubjectsOfAStream(NatsServer server, TestStream stream, TestStream other)
            throws Exception {
        stream.publish("a", "{\"id\":1}");
        other.publish("a", "{\"id\":2}");
        stream.publish("b.c", "{\"id\":3}");
        sql.table(
                "t",
                "id INT",
                "'nats.server-url' = '" + server.url() + "'",
                "'nats.stream' = '" + stream.name() + "'",
                BOUNDED);
        sql.table(
                "wrong",
                "id INT",
                SqlFixture.from(server, other),
                "'nats.stream' = '" + stream.name() + "'",
                BOUNDED);

        assertThat(sql.rows("SELECT id FROM t")).containsExactly(Row.of(1), Row.of(3));
        assertThat(sql.failure("SELECT id FROM wrong"))
                .contains("the stream carries only [" + stream.subjects() + "]")
                .contains("'nats.stream'");
    }

    @Test
    @Covers(options = "nats.server_url")
    void acceptsTheUnderscore(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        sql.table(
                "t",
                "id INT",
                "'nats.server_url' = '" + server.url() + "'",
                "'nats.subject' = '" + stream.subjects() + "'",
                BOUNDED);

        assertThat(sql.rows("SELECT id FROM t")).containsExactly(Row.of(1));
    }

    @Test
    @Covers(options = "format")
    void readsWithTheFormatThatIsSet(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "1;x");
        sql.table(
                "c",
                "id INT, name STRING",
                SqlFixture.from(server, stream),
                BOUNDED,
                "'format' = 'csv', 'csv.field-delimiter' = ';'");
        sql.table(
                "r",
                "line STRING, seq BIGINT METADATA FROM 'sequence'",
                SqlFixture.from(server, stream),
                BOUNDED,
                "'format' = 'raw'");

        assertThat(sql.rows("SELECT * FROM c")).containsExactly(Row.of(1, "x"));
        assertThat(sql.rows("SELECT name FROM c")).containsExactly(Row.of("x"));
        assertThat(sql.rows("SELECT * FROM r")).containsExactly(Row.of("1;x", 1L));
        assertThat(sql.rows("SELECT seq FROM r")).containsExactly(Row.of(1L));
    }

    @Test
    @Covers(options = "scan.parallelism")
    void readsWithTheParallelismThatIsSet(
            NatsServer server, TestStream stream, @InjectClusterClient RestClusterClient<?> cluster)
            throws Exception {
        stream.publish("a", "{\"id\":1}");
        sql.table("t", "id INT", SqlFixture.from(server, stream), "'scan.parallelism' = '3'");
        sql.table(
                "w",
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', WATERMARK FOR ts AS ts",
                SqlFixture.from(server, stream),
                "'scan.parallelism' = '3'");
        for (String table : List.of("t", "w")) {
            SqlFixture.Running query = sql.start("SELECT id FROM " + table + " WHERE id > 0");
            query.next(1);

            JobDetailsInfo job = cluster.getJobDetails(query.job().getJobID()).get();
            assertThat(
                            job.getJobVertexInfos().stream()
                                    .filter(vertex -> vertex.getName().startsWith("Source"))
                                    .map(JobDetailsInfo.JobVertexDetailsInfo::getParallelism))
                    .as(table)
                    .containsExactly(3);
            query.job().cancel().get();
        }
    }

    @Test
    @Covers(options = "scan.ordering")
    void ordersByStreamOrByFilter(NatsServer server, TestStream stream) throws Exception {
        stream.publishMany(i -> i % 2 == 0 ? "a" : "b", 0, 2_000, i -> "{\"id\":" + i + "}");
        String from =
                SqlFixture.from(server.url(), stream.subject("a") + "," + stream.subject("b"));
        sql.table("bounded_stream", "id INT", from, "'scan.ordering' = 'stream'", BOUNDED);
        sql.table("live_stream", "id INT", from, "'scan.ordering' = 'stream'");
        sql.table("live_filter", "id INT", from, "'scan.ordering' = 'filter'");
        sql.table("live_default", "id INT", from);

        assertThat(sql.rows("SELECT id FROM bounded_stream"))
                .isEqualTo(
                        IntStream.range(0, 2_000).mapToObj(Row::of).collect(Collectors.toList()));
        assertConsumers("live_stream", server, stream, 1);
        assertConsumers("live_filter", server, stream, 2);
        assertConsumers("live_default", server, stream, 2);
    }

    private void assertConsumers(String table, NatsServer server, TestStream stream, int count)
            throws Exception {
        SqlFixture.Running query = sql.start("SELECT id FROM " + table);
        query.next(2_000);
        SqlFixture.awaitConsumers(server, stream, count);
        query.job().cancel().get();
        SqlFixture.awaitConsumers(server, stream, 0);
    }

    @Test
    @Covers(options = {"scan.fetch.max-messages", "scan.fetch.max-bytes"})
    void asksForNoMoreThanAllowed(NatsServer server, TestStream stream) throws Exception {
        stream.publishMany("a", 0, 1_000, i -> "{\"id\":" + i + "}");

        long pulls = published(server, stream, "");
        long fewMessages = published(server, stream, ", 'scan.fetch.max-messages' = '10'");
        long fewBytes = published(server, stream, ", 'scan.fetch.max-bytes' = '2kb'");

        assertThat(pulls).isLessThan(20);
        assertThat(fewMessages).isGreaterThan(100);
        assertThat(fewBytes).isGreaterThan(25);
    }

    private long published(NatsServer server, TestStream stream, String options) throws Exception {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            sql.execute("DROP TABLE IF EXISTS t");
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()) + options,
                    BOUNDED);
            assertThat(sql.rows("SELECT id FROM t")).hasSize(1_000);
            return proxy.frames(Direction.FROM_CLIENT, "PUB");
        }
    }

    @Test
    void readsOnlyTheColumnsOfAQuery(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1,\"who\":{\"name\":\"n\",\"addr\":{\"city\":\"c\"}}}");
        stream.publish("a", "{\"id\":2,\"who\":null}");
        sql.table(
                "t",
                "id INT, who ROW<name STRING, addr ROW<city STRING, zip INT>>,"
                        + " subj STRING METADATA FROM 'subject'",
                SqlFixture.from(server, stream),
                BOUNDED);

        assertThat(sql.rows("SELECT who.addr.city FROM t"))
                .containsExactly(Row.of("c"), Row.of((Object) null));
        assertThat(sql.rows("SELECT subj, who.name, id FROM t"))
                .containsExactly(
                        Row.of(stream.subject("a"), "n", 1), Row.of(stream.subject("a"), null, 2));
        assertThat(sql.rows("SELECT 'x', subj FROM t"))
                .containsExactly(
                        Row.of("x", stream.subject("a")), Row.of("x", stream.subject("a")));
        assertThat(sql.rows("SELECT a.id, b.subj FROM t a JOIN t b ON a.id = b.id"))
                .containsExactlyInAnyOrder(
                        Row.of(1, stream.subject("a")), Row.of(2, stream.subject("a")));
        assertThat(last(sql.rows("SELECT COUNT(*) FROM t"))).isEqualTo(2L);
    }

    private static Object last(List<Row> rows) {
        return rows.get(rows.size() - 1).getField(0);
    }

    @Test
    void readsSubjectsBeyondAscii(NatsServer server, TestStream stream) throws Exception {
        String subject = stream.subject("größe.価格");
        try (Connection writer = server.connect(Options.Builder::supportUTF8Subjects)) {
            writer.jetStream().publish(subject, "{\"id\":1}".getBytes(StandardCharsets.UTF_8));
        }
        stream.publish("other", "{\"id\":2}");
        String columns = "id INT, subj STRING METADATA FROM 'subject'";
        sql.table("all_of_it", columns, SqlFixture.from(server, stream), BOUNDED);
        sql.table("one_of_it", columns, SqlFixture.from(server.url(), subject), BOUNDED);

        assertThat(sql.rows("SELECT id, subj FROM one_of_it")).containsExactly(Row.of(1, subject));
        assertThat(sql.rows("SELECT id, subj FROM all_of_it"))
                .containsExactly(Row.of(1, subject), Row.of(2, stream.subject("other")));
    }

    @Test
    void readsAStreamWhoseNameIsBeyondAscii(NatsServer server) throws Exception {
        try (Connection writer = server.connect(Options.Builder::supportUTF8Subjects)) {
            // The client has no call for such names, the server has.
            byte[] stream =
                    "{\"name\":\"Aufträge\",\"subjects\":[\"wide.>\"]}"
                            .getBytes(StandardCharsets.UTF_8);
            writer.request("$JS.API.STREAM.CREATE.Aufträge", stream).get();
            writer.jetStream().publish("wide.größe", "{\"id\":1}".getBytes(StandardCharsets.UTF_8));
            sql.table(
                    "wide",
                    "id INT, subj STRING METADATA FROM 'subject', origin STRING METADATA FROM 'stream'",
                    SqlFixture.from(server.url(), "wide.>"),
                    BOUNDED);

            assertThat(sql.rows("SELECT * FROM wide"))
                    .containsExactly(Row.of(1, "wide.größe", "Aufträge"));
            writer.request("$JS.API.STREAM.DELETE.Aufträge", new byte[0]).get();
        }
    }

    @Test
    void readsInBatchToo(NatsServer server, TestStream stream) throws Exception {
        stream.publishMany("a", 0, 100, i -> "{\"id\":" + i + "}");
        TableEnvironment batch = TableEnvironment.create(EnvironmentSettings.inBatchMode());
        batch.executeSql(
                "CREATE TABLE t (id INT) WITH ('connector'='nats', 'format'='json', "
                        + SqlFixture.from(server, stream)
                        + ", "
                        + BOUNDED
                        + ")");

        assertThat(batch.executeSql("SELECT COUNT(*), SUM(id) FROM t").collect())
                .toIterable()
                .containsExactly(Row.of(100L, 4950));
    }

    @Test
    void namesTheMessageThatCannotBeDecoded(NatsServer server, TestStream stream) {
        stream.publish("a", "{\"id\":1}");
        stream.publish("b", "no json");
        sql.table("t", "id INT", SqlFixture.from(server, stream), BOUNDED);

        assertThat(sql.failure("SELECT id FROM t"))
                .contains(
                        "Cannot decode the message with sequence 2 and subject "
                                + stream.subject("b")
                                + " of stream "
                                + stream.name())
                .contains("Failed to deserialize JSON 'no json'.");
    }

    @Test
    void skipsWhatTheFormatSkips(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        stream.publish("a", "no json");
        stream.publish("a", "{\"id\":3}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                BOUNDED,
                "'json.ignore-parse-errors' = 'true'");

        assertThat(sql.rows("SELECT id FROM t")).containsExactly(Row.of(1), Row.of(3));
    }

    @Test
    void goesOnAfterALostConnection(NatsServer server, TestStream stream) throws Exception {
        stream.publishMany("a", 0, 1_000, i -> "{\"id\":" + i + "}");
        try (FaultProxy proxy = FaultProxy.start(server)) {
            sql.table("t", "id INT", SqlFixture.from(proxy.url(), stream.subjects()));
            SqlFixture.Running query = sql.start("SELECT id FROM t");
            List<Row> rows = query.next(1_000);
            proxy.cutAll();
            stream.publishMany("a", 1_000, 2_000, i -> "{\"id\":" + i + "}");
            rows.addAll(query.next(1_000));

            assertThat(rows)
                    .isEqualTo(
                            IntStream.range(0, 2_000)
                                    .mapToObj(Row::of)
                                    .collect(Collectors.toList()));
            query.job().cancel().get();
            Await.until(
                    "the connections are closed",
                    Duration.ofSeconds(30),
                    () -> proxy.connections() == 0);
        }
    }
}

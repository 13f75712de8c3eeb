// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.lineage.LineageRecorder;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a listener of jobs learns of a SQL job's tables. Each job has a cluster of its own, because
 * the one that other tests share tells listeners nothing.
 */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlLineageITCase {
    private static final String SECRET = "s3cr3tm4rk";

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @BeforeEach
    void listen() {
        LineageRecorder.clear();
        sql.configure("execution.job-status-changed-listeners", LineageRecorder.class.getName());
    }

    private void tables(NatsServer server, TestStream stream) {
        String login = "'nats.user' = 'u', 'nats.password' = '" + SECRET + "'";
        String url = server.url().replace("nats://", "nats://me:" + SECRET + "@");
        stream.publish("in", "{\"id\": 1}");
        sql.table(
                "incoming",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("in")),
                "'scan.bounded.mode' = 'latest'",
                "'nats.stream' = '" + stream.name() + "'",
                login);
        sql.table(
                "outgoing",
                "id INT, s STRING METADATA FROM 'subject'",
                SqlFixture.from(url, stream.subject("out")));
        sql.table(
                "numbered",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("out.{id}")),
                "'sink.delivery-guarantee' = 'exactly-once', 'sink.id' = 'numbers'",
                login);
    }

    /** Flink names the dataset of a table by the table. */
    @Test
    void tellsWhereRowsComeFromAndGoTo(NatsServer server, TestStream stream) {
        tables(server, stream);
        sql.set("execution.checkpointing.interval", "100 ms");
        sql.insert("INSERT INTO numbered SELECT id FROM incoming");

        assertThat(LineageRecorder.SOURCES)
                .containsExactly(
                        String.format(
                                "%s | default_catalog.default_database.incoming | nats{nats.stream=%s,"
                                        + " nats.subject=%s, nats.api-prefix=$JS.API,"
                                        + " scan.startup=earliest, scan.bounded=latest,"
                                        + " scan.ordering=filter} BOUNDED",
                                server.url(), stream.name(), stream.subject("in")));
        assertThat(LineageRecorder.SINKS)
                .containsExactly(
                        String.format(
                                "%s | default_catalog.default_database.numbered | nats{nats.subject=%s,"
                                        + " nats.api-prefix=$JS.API, sink.delivery-guarantee=exactly-once,"
                                        + " sink.id=numbers}",
                                server.url(), stream.subject("out.{id}")));
    }

    /** Not even that of a URL. */
    @Test
    void tellsNoSecret(NatsServer server, TestStream stream) {
        tables(server, stream);
        sql.insert("INSERT INTO outgoing SELECT id, '" + stream.subject("x") + "' FROM incoming");

        assertThat(LineageRecorder.SINKS)
                .containsExactly(
                        server.url()
                                + " | default_catalog.default_database.outgoing | nats{nats.subject=>,"
                                + " nats.api-prefix=$JS.API, sink.delivery-guarantee=at-least-once}");
        assertThat(LineageRecorder.SOURCES.toString()).doesNotContain(SECRET);
    }

    /** Flink forgets what the source tells when it makes watermarks of its splits. */
    @Test
    void knowsOnlyTheTableWithWatermarks(NatsServer server, TestStream stream) {
        stream.publish("in", "{\"id\": 1}");
        sql.table(
                "t",
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, WATERMARK FOR ts AS ts",
                SqlFixture.from(server.url(), stream.subject("in")),
                "'scan.bounded.mode' = 'latest'");

        assertThat(sql.rows("SELECT id FROM t")).containsExactly(Row.of(1));
        assertThat(LineageRecorder.SOURCES)
                .containsExactly(" | default_catalog.default_database.t |  BOUNDED");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a table reads of a message besides its payload. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlMetadataITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @Test
    @Covers(metadata = {"subject", "stream", "sequence"})
    void readsWhereAMessageIsStored(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        stream.publish("b.c", "{\"id\":2}");
        sql.table(
                "t",
                "id INT, subj STRING NOT NULL METADATA FROM 'subject' VIRTUAL,"
                        + " strm STRING NOT NULL METADATA FROM 'stream',"
                        + " seq BIGINT NOT NULL METADATA FROM 'sequence'",
                SqlFixture.from(server, stream),
                BOUNDED);

        assertThat(sql.rows("SELECT * FROM t"))
                .containsExactly(
                        Row.of(1, stream.subject("a"), stream.name(), 1L),
                        Row.of(2, stream.subject("b.c"), stream.name(), 2L));
        assertThat(sql.rows("SELECT subj FROM t WHERE seq = 2"))
                .containsExactly(Row.of(stream.subject("b.c")));
    }

    @Test
    @Covers(metadata = "timestamp")
    void readsTheStoreTimeToTheNanosecond(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{}");
        Instant stored = stream.messages().get(0).getTime().toInstant();
        sql.table(
                "t",
                "ts TIMESTAMP_LTZ(9) METADATA FROM 'timestamp'",
                SqlFixture.from(server, stream),
                BOUNDED);
        sql.table(
                "coarse",
                "ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'",
                SqlFixture.from(server, stream),
                BOUNDED);

        assertThat(sql.rows("SELECT ts FROM t")).containsExactly(Row.of(stored));
        assertThat(sql.rows("SELECT ts FROM coarse"))
                .containsExactly(Row.of(Instant.ofEpochMilli(stored.toEpochMilli())));
    }

    @Test
    @Covers(metadata = {"headers", "msg-id"})
    void readsHeaders(NatsServer server, TestStream stream) throws Exception {
        Headers headers = new Headers();
        headers.add("Nats-Msg-Id", "m-1");
        headers.add("colour", "red", "green");
        stream.publish("a", headers, "{\"id\":1}");
        stream.publish("a", "{\"id\":2}");
        sql.table(
                "t",
                "id INT, h MAP<STRING, ARRAY<STRING>> METADATA FROM 'headers',"
                        + " mid STRING METADATA FROM 'msg-id'",
                SqlFixture.from(server, stream),
                BOUNDED);

        assertThat(sql.rows("SELECT * FROM t"))
                .containsExactly(
                        Row.of(
                                1,
                                Map.of(
                                        "Nats-Msg-Id",
                                        new String[] {"m-1"},
                                        "colour",
                                        new String[] {"red", "green"}),
                                "m-1"),
                        Row.of(2, Collections.emptyMap(), null));
        assertThat(sql.rows("SELECT h['colour'][2], CARDINALITY(h) FROM t"))
                .containsExactly(Row.of("green", 2), Row.of(null, 0));
    }

    @Test
    void readsMetadataByTheNameOfTheColumn(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        sql.table(
                "t",
                "subject STRING METADATA, id INT, `sequence` BIGINT METADATA",
                SqlFixture.from(server, stream),
                BOUNDED);

        assertThat(sql.rows("SELECT * FROM t")).containsExactly(Row.of(stream.subject("a"), 1, 1L));
    }

    @Test
    void readsMetadataOfTheFormat(NatsServer server, TestStream stream) throws Exception {
        stream.publish(
                "a",
                "{\"before\":null,\"after\":{\"id\":1,\"name\":\"n\"},\"op\":\"c\","
                        + "\"ts_ms\":1500,\"source\":{\"db\":\"shop\"}}");
        sql.table(
                "t",
                "id INT, name STRING,"
                        + " ingested TIMESTAMP_LTZ(3) METADATA FROM 'value.ingestion-timestamp',"
                        + " src MAP<STRING, STRING> METADATA FROM 'value.source.properties',"
                        + " seq BIGINT METADATA FROM 'sequence'",
                SqlFixture.from(server, stream),
                BOUNDED,
                "'format' = 'debezium-json'");

        assertThat(sql.rows("SELECT * FROM t"))
                .containsExactly(
                        Row.of(1, "n", Instant.ofEpochMilli(1500), Map.of("db", "shop"), 1L));
        assertThat(sql.rows("SELECT seq, src['db'], name FROM t"))
                .containsExactly(Row.of(1L, "shop", "n"));
    }
}

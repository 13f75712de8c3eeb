// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.CompressionOption;
import io.nats.client.api.Mirror;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.SubjectTransform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams and messages of every kind and size. */
@ExtendWith(NatsServerExtension.class)
@Timeout(180)
class SqlStreamKindsITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final String COLUMNS =
            "id INT, sub STRING METADATA FROM 'subject', seq BIGINT METADATA FROM 'sequence'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private static String id(int number) {
        return "{\"id\":" + number + "}";
    }

    private static List<Row> expected(int count, Function<Integer, String> subject) {
        return IntStream.range(0, count)
                .mapToObj(i -> Row.of(i, subject.apply(i), i + 1L))
                .collect(Collectors.toList());
    }

    private static String only(NatsServer server, String stream) {
        return "'nats.server-url' = '" + server.url() + "', 'nats.stream' = '" + stream + "'";
    }

    @Test
    void readsMessagesAroundTheByteCredit(NatsServer server, TestStream stream) {
        List<Integer> sizes =
                Arrays.asList(1, 65_000, 65_400, 65_536, 65_537, 100_000, 5, 900_000, 64_000, 2);
        for (int size : sizes) {
            stream.publish("a", "x".repeat(size));
        }
        sql.table(
                "t",
                "p STRING, seq BIGINT METADATA FROM 'sequence'",
                SqlFixture.from(server, stream),
                BOUNDED,
                "'format' = 'raw'",
                "'scan.fetch.max-bytes' = '64 kb'");

        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            rows.add(Row.of(sizes.get(i), i + 1L));
        }
        assertThat(sql.rows("SELECT CHAR_LENGTH(p), seq FROM t")).isEqualTo(rows);
    }

    @Test
    @OwnServer(config = "max_payload: 64MB\nmax_pending: 256MB")
    void readsTheLargestPayload(NatsServer server) {
        // Files take messages of up to 32 MB only.
        TestStream stream =
                TestStream.create(server, builder -> builder.storageType(StorageType.Memory));
        int largest = (64 << 20) - 100;
        stream.publish("a", "small");
        stream.publish("a", "x".repeat(largest));
        stream.publish("a", "y".repeat(largest / 2));
        stream.publish("a", "last");
        sql.table("t", "p STRING", SqlFixture.from(server, stream), BOUNDED, "'format' = 'raw'");

        assertThat(sql.rows("SELECT CHAR_LENGTH(p), SUBSTRING(p, 1, 1) FROM t"))
                .containsExactly(
                        Row.of(5, "s"),
                        Row.of(largest, "x"),
                        Row.of(largest / 2, "y"),
                        Row.of(4, "l"));
        stream.delete();
    }

    @Test
    void readsTenThousandSubjects(NatsServer server, TestStream stream) {
        int count = 10_000;
        stream.publishMany(i -> "s" + i, 0, count, SqlStreamKindsITCase::id);
        String list =
                IntStream.range(0, count)
                        .mapToObj(i -> stream.subject("s" + i))
                        .collect(Collectors.joining(","));
        List<Row> all = expected(count, i -> stream.subject("s" + i));
        sql.table("wild", COLUMNS, SqlFixture.from(server, stream), BOUNDED);
        sql.table("listed", COLUMNS, SqlFixture.from(server.url(), list), BOUNDED);
        sql.table(
                "ordered",
                COLUMNS,
                SqlFixture.from(server.url(), list),
                BOUNDED,
                "'scan.ordering' = 'stream'");

        assertThat(sql.rows("SELECT * FROM wild")).isEqualTo(all);
        assertThat(sql.rows("SELECT * FROM listed")).containsExactlyInAnyOrderElementsOf(all);
        assertThat(sql.rows("SELECT * FROM ordered")).isEqualTo(all);
    }

    @Test
    void readsSubjectsThatTheStreamTransforms(NatsServer server) {
        TestStream stream =
                TestStream.create(
                        server,
                        builder -> {
                            String subject = builder.build().getSubjects().get(0);
                            builder.subjectTransform(
                                    SubjectTransform.builder()
                                            .source(subject)
                                            .destination("stored." + subject)
                                            .build());
                        });
        stream.publishMany("a", 0, 5, SqlStreamKindsITCase::id);
        sql.table("everything", COLUMNS, only(server, stream.name()), BOUNDED);
        sql.table(
                "filtered",
                COLUMNS,
                only(server, stream.name()),
                "'nats.subject' = 'stored." + stream.subject("a") + "'",
                BOUNDED);

        List<Row> all = expected(5, i -> "stored." + stream.subject("a"));
        assertThat(sql.rows("SELECT * FROM everything")).isEqualTo(all);
        assertThat(sql.rows("SELECT * FROM filtered")).isEqualTo(all);
        stream.delete();
    }

    @Test
    void readsCompressedStreams(NatsServer server) {
        TestStream stream =
                TestStream.create(
                        server, builder -> builder.compressionOption(CompressionOption.S2));
        stream.publishMany("a", 0, 2_000, SqlStreamKindsITCase::id);
        sql.table("t", COLUMNS, SqlFixture.from(server, stream), BOUNDED);

        assertThat(sql.rows("SELECT * FROM t"))
                .isEqualTo(expected(2_000, i -> stream.subject("a")));
        stream.delete();
    }

    @Test
    void readsMirrorsAndSourcedStreams(NatsServer server, TestStream origin) {
        origin.publishMany(i -> i % 2 == 0 ? "even" : "odd", 0, 1_000, SqlStreamKindsITCase::id);
        TestStream mirror =
                TestStream.create(
                        server,
                        builder ->
                                builder.subjects(new String[0])
                                        .mirror(Mirror.builder().name(origin.name()).build()));
        TestStream sourced =
                TestStream.create(
                        server,
                        builder ->
                                builder.subjects(new String[0])
                                        .addSource(
                                                Source.builder()
                                                        .name(origin.name())
                                                        .filterSubject(origin.subject("odd"))
                                                        .build()));
        SqlFixture.awaitLast(mirror, 1_000);
        SqlFixture.awaitLast(sourced, 500);
        sql.table("m", COLUMNS, only(server, mirror.name()), BOUNDED);
        sql.table(
                "evens",
                COLUMNS,
                only(server, mirror.name()),
                BOUNDED,
                "'nats.subject' = '" + origin.subject("even") + "'");
        sql.table("s", COLUMNS, only(server, sourced.name()), BOUNDED);

        List<Row> all = expected(1_000, i -> origin.subject(i % 2 == 0 ? "even" : "odd"));
        assertThat(sql.rows("SELECT * FROM m")).isEqualTo(all);
        assertThat(sql.rows("SELECT * FROM evens"))
                .isEqualTo(
                        IntStream.range(0, 500)
                                .mapToObj(i -> all.get(2 * i))
                                .collect(Collectors.toList()));
        assertThat(sql.rows("SELECT * FROM s"))
                .isEqualTo(
                        IntStream.range(0, 500)
                                .mapToObj(i -> Row.of(2 * i + 1, origin.subject("odd"), i + 1L))
                                .collect(Collectors.toList()));
        mirror.delete();
        sourced.delete();
    }

    @Test
    void readsSealedStreams(NatsServer server) throws Exception {
        TestStream stream = TestStream.create(server);
        stream.publishMany("a", 0, 100, SqlStreamKindsITCase::id);
        stream.management()
                .updateStream(
                        StreamConfiguration.builder(stream.info().getConfiguration())
                                .seal()
                                .build());
        sql.table("ending", COLUMNS, SqlFixture.from(server, stream), BOUNDED);
        sql.table("live", COLUMNS, SqlFixture.from(server, stream));

        List<Row> all = expected(100, i -> stream.subject("a"));
        assertThat(sql.rows("SELECT * FROM ending")).isEqualTo(all);
        SqlFixture.Running live = sql.start("SELECT * FROM live");
        assertThat(live.next(100)).isEqualTo(all);
        live.job().cancel().get();
        stream.delete();
    }
}

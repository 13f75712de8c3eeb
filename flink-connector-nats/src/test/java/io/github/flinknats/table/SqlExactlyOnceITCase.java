// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.MessageInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a table writes exactly once, when nothing breaks. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlExactlyOnceITCase {
    static final String EXACTLY_ONCE =
            "'sink.delivery-guarantee' = 'exactly-once', 'sink.id' = 'orders'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    /** A stream that takes atomic batches. */
    static TestStream atomic(NatsServer server) {
        return TestStream.create(server, builder -> builder.allowAtomicPublish());
    }

    private void table(NatsServer server, String subject, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add(SqlFixture.from(server.url(), subject));
        all.add(EXACTLY_ONCE);
        all.add("'sink.parallelism' = '1'");
        sql.table("t", "id INT", all.toArray(new String[0]));
    }

    /** A bounded stream of numbers. */
    private TableResult writeNumbers(int last, int perSecond) {
        sql.execute(
                "CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen',"
                        + " 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',"
                        + " 'fields.id.end' = '"
                        + last
                        + "', 'rows-per-second' = '"
                        + perSecond
                        + "', 'scan.parallelism' = '1')");
        return sql.execute("INSERT INTO t SELECT id FROM numbers");
    }

    private static List<String> headers(TestStream stream, String name) {
        return stream.messages().stream()
                .map(MessageInfo::getHeaders)
                .map(headers -> headers == null ? null : headers.getFirst(name))
                .collect(Collectors.toList());
    }

    @Test
    @Covers(options = {"sink.id", "sink.delivery-guarantee"})
    void writesOneByOneWhereTheStreamKnowsNoBatches(NatsServer server, TestStream stream)
            throws Exception {
        table(server, stream.subject("a"));
        sql.set("execution.checkpointing.interval", "100 ms");
        writeNumbers(2_500, 5_000).await();
        assertThat(stream.payloads()).isEqualTo(SqlSinkITCase.payloads(1, 2_500));
        assertThat(headers(stream, "Nats-Batch-Id")).containsOnlyNulls();
        assertThat(headers(stream, "Nats-Msg-Id"))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith("orders."));
    }

    @Test
    void writesAtomicBatches(NatsServer server) throws Exception {
        TestStream stream = atomic(server);
        table(server, stream.subject("a"));
        sql.set("execution.checkpointing.interval", "1 s");
        writeNumbers(5_000, 10_000).await();
        assertThat(stream.payloads()).isEqualTo(SqlSinkITCase.payloads(1, 5_000));
        assertThat(headers(stream, "Nats-Batch-Id").stream().distinct().count())
                .as("batches")
                .isBetween(5L, 20L);
        assertThat(headers(stream, "Nats-Batch-Id")).doesNotContainNull();
    }

    @Test
    void commitsAtTheEndOfABatchJob(NatsServer server) {
        TestStream stream = atomic(server);
        sql.inBatchMode();
        table(server, stream.subject("a"));
        sql.insert(
                "INSERT INTO t VALUES "
                        + IntStream.rangeClosed(1, 100)
                                .mapToObj(i -> "(" + i + ")")
                                .collect(Collectors.joining(", ")));
        assertThat(stream.payloads())
                .containsExactlyInAnyOrderElementsOf(SqlSinkITCase.payloads(1, 100));
    }

    @Test
    void isRefusedWithoutCheckpoints(NatsServer server, TestStream stream) {
        table(server, stream.subject("a"));
        assertThatThrownBy(() -> sql.execute("INSERT INTO t VALUES (1)"))
                .hasStackTraceContaining("Writing to NATS exactly once needs checkpoints")
                .hasStackTraceContaining("'execution.checkpointing.interval'");
    }
}

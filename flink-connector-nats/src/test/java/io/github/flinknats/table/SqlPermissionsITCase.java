// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.docs.Permissions;
import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With exactly the permissions of the documentation everything works; one less is named. */
@Timeout(180)
class SqlPermissionsITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final GuardedServers servers = new GuardedServers();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private NatsServer server(Set<String> publish) {
        return servers.start(
                "authorization { users: [ {user: admin, password: top}, "
                        + Permissions.user("some", "p", publish)
                        + " ] }",
                options -> options.userInfo("admin".toCharArray(), "top".toCharArray()));
    }

    private static TestStream orders(NatsServer server, RetentionPolicy retention) {
        TestStream stream =
                TestStream.create(
                        server,
                        builder ->
                                builder.name("ORDERS")
                                        .subjects("orders.>")
                                        .retentionPolicy(retention));
        for (int id = 1; id <= 5; id++) {
            stream.publishTo("orders." + id % 2, "{\"id\": " + id + "}");
        }
        return stream;
    }

    private void table(String name, NatsServer server, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("'nats.user' = 'some'");
        all.add("'nats.password' = 'p'");
        all.add("'nats.server-url' = '" + server.url() + "'");
        sql.table(name, "id INT", all.toArray(new String[0]));
    }

    private static List<Row> rows(int from, int to) {
        List<Row> rows = new ArrayList<>();
        for (int id = from; id <= to; id++) {
            rows.add(Row.of(id));
        }
        return rows;
    }

    private static void assertNothingForbidden(NatsServer server) {
        assertThat(server.log()).doesNotContainIgnoringCase("violation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "earliest||1",
                "timestamp|'scan.startup.timestamp' = '2020-01-01T00:00:00Z'|1",
                "sequence|'scan.startup.sequence' = '3'|3",
                "last-per-subject||4"
            })
    void readsFromAnyStart(String mode, String more, int first) {
        NatsServer server = server(Permissions.subjects(Permissions.READ));
        orders(server, RetentionPolicy.Limits);
        List<String> options = new ArrayList<>();
        options.add("'nats.stream' = 'ORDERS'");
        options.add("'scan.startup.mode' = '" + mode + "'");
        if (more != null) {
            options.add(more);
        }
        options.add(BOUNDED);
        table("t", server, options.toArray(new String[0]));

        assertThat(sql.rows("SELECT id FROM t")).isEqualTo(rows(first, 5));
        assertNothingForbidden(server);
    }

    /** It then looks at the stream again, and at the message that it has read last. */
    @Test
    void goesOnAfterAnOutage() {
        NatsServer server = server(Permissions.subjects(Permissions.READ, Permissions.FIND_STREAM));
        TestStream stream = orders(server, RetentionPolicy.Limits);
        table("t", server, "'nats.subject' = 'orders.>'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        assertThat(query.next(5)).isEqualTo(rows(1, 5));
        server.kill();
        server.restart();
        stream.publishTo("orders.1", "{\"id\": 6}");
        assertThat(query.next(1)).isEqualTo(rows(6, 6));
        assertNothingForbidden(server);
    }

    @ParameterizedTest
    @CsvSource({"orders.>", "orders.*"})
    void readsAWorkQueue(String subject) {
        NatsServer server =
                server(Permissions.subjects(Permissions.READ_DURABLE, Permissions.CREATE_DURABLE));
        TestStream stream = orders(server, RetentionPolicy.WorkQueue);
        sql.restartJobs("100 ms");
        table(
                "t",
                server,
                "'nats.stream' = 'ORDERS'",
                "'nats.subject' = '" + subject + "'",
                "'scan.durable-consumer' = 'TASKS'",
                "'scan.durable-consumer.create' = 'true'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        assertThat(query.next(5)).isEqualTo(rows(1, 5));
        Await.until(
                "everything is acknowledged",
                Duration.ofSeconds(30),
                () -> stream.payloads().isEmpty());
        assertNothingForbidden(server);
    }

    @Test
    void sendsDeadLetters() {
        NatsServer server =
                server(Permissions.subjects(Permissions.READ, Permissions.DEAD_LETTERS));
        TestStream stream = orders(server, RetentionPolicy.Limits);
        TestStream dead =
                TestStream.create(server, builder -> builder.name("DEAD").subjects("dead.>"));
        stream.publishTo("orders.1", "bad");
        table(
                "t",
                server,
                "'nats.stream' = 'ORDERS'",
                "'scan.on-error' = 'dead-letter'",
                "'scan.dead-letter.subject' = 'dead.orders'",
                BOUNDED);
        assertThat(sql.rows("SELECT id FROM t")).isEqualTo(rows(1, 5));
        assertThat(dead.payloads()).containsExactly("bad");
        assertNothingForbidden(server);
    }

    @ParameterizedTest
    @CsvSource({"none", "at-least-once"})
    void writes(String guarantee) {
        NatsServer server = server(Permissions.subjects(Permissions.WRITE));
        TestStream stream = orders(server, RetentionPolicy.Limits);
        table(
                "t",
                server,
                "'nats.subject' = 'orders.new'",
                "'sink.delivery-guarantee' = '" + guarantee + "'");
        sql.insert("INSERT INTO t VALUES (6), (7)");
        SqlFixture.awaitLast(stream, 7);
        assertNothingForbidden(server);
    }

    @Test
    void writesExactlyOnce() {
        NatsServer server = server(Permissions.subjects(Permissions.WRITE_EXACTLY_ONCE));
        TestStream stream = orders(server, RetentionPolicy.Limits);
        sql.set("execution.checkpointing.interval", "100 ms");
        table(
                "t",
                server,
                "'nats.subject' = 'orders.new'",
                "'sink.delivery-guarantee' = 'exactly-once'",
                "'sink.id' = 'job'");
        sql.insert("INSERT INTO t VALUES (6), (7)");
        assertThat(stream.lastSequence()).isEqualTo(7);
        assertNothingForbidden(server);
    }

    /** The server is silent about it, and the queue would never empty. */
    @Test
    void saysThatItMayNotAcknowledge() {
        Set<String> publish = Permissions.subjects(Permissions.READ_DURABLE);
        assertThat(publish.remove("$JS.ACK.ORDERS.TASKS.>")).isTrue();
        publish.addAll(Permissions.subjects(Permissions.CREATE_DURABLE));
        NatsServer server = server(publish);
        TestStream stream = orders(server, RetentionPolicy.WorkQueue);
        sql.set("execution.checkpointing.interval", "100 ms");
        table(
                "t",
                server,
                "'nats.stream' = 'ORDERS'",
                "'nats.request-timeout' = '1 s'",
                "'scan.durable-consumer' = 'TASKS'",
                "'scan.durable-consumer.create' = 'true'");
        assertThat(sql.failure("SELECT id FROM t"))
                .contains("Cannot acknowledge messages of stream ORDERS")
                .contains("Permissions Violation for Publish to \"$JS.ACK.ORDERS.TASKS.");
        assertThat(stream.payloads()).hasSize(5);
    }

    /** Not as a timeout. */
    @ParameterizedTest
    @CsvSource({
        "$JS.API.STREAM.INFO.ORDERS, look up stream ORDERS",
        "$JS.API.CONSUMER.CREATE.ORDERS.>, open a consumer of stream ORDERS",
        "$JS.API.CONSUMER.MSG.NEXT.ORDERS.*, Cannot read stream ORDERS"
    })
    void namesWhatIsMissing(String missing, String what) {
        Set<String> publish = Permissions.subjects(Permissions.READ);
        assertThat(publish.remove(missing)).isTrue();
        NatsServer server = server(publish);
        orders(server, RetentionPolicy.Limits);
        table("t", server, "'nats.stream' = 'ORDERS'", BOUNDED);
        long begin = System.nanoTime();
        assertThat(sql.failure("SELECT id FROM t"))
                .contains(what)
                .contains(
                        "Permissions Violation for Publish to \""
                                + missing.replaceAll("[.][>*]$", ""));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(GuardedServers.SOON);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.docs.Permissions;
import io.github.flinknats.docs.SharedStream;
import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stream of another account, for a user who may do no more than what the documentation lists: the
 * configuration is the one that it shows.
 */
@Timeout(180)
class SqlSharedStreamITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final GuardedServers servers = new GuardedServers();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private final GuardedOrders orders = new GuardedOrders(servers, sql);

    private NatsServer server(String config) {
        return servers.start(
                config, options -> options.userInfo("owner".toCharArray(), "top".toCharArray()));
    }

    private void table(String name, NatsServer server, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("'nats.user' = 'flink'");
        all.add("'nats.password' = 'p'");
        all.add("'nats.api-prefix' = '" + SharedStream.PREFIX + "'");
        if (all.stream().noneMatch(option -> option.startsWith("'nats.inbox-prefix'"))) {
            all.add("'nats.inbox-prefix' = '" + SharedStream.INBOX + "'");
        }
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

    @Test
    @Covers(options = {"nats.api-prefix", "nats.inbox-prefix"})
    void isRead() {
        NatsServer server = server(SharedStream.config());
        orders.stream(server, RetentionPolicy.Limits);
        table("named", server, "'nats.stream' = 'ORDERS'", BOUNDED);
        table("found", server, "'nats.subject' = 'orders.1'", BOUNDED);

        assertThat(sql.rows("SELECT id FROM named")).isEqualTo(rows(1, 5));
        assertThat(sql.rows("SELECT id FROM found"))
                .containsExactly(Row.of(1), Row.of(3), Row.of(5));
        GuardedOrders.assertNothingForbidden(server);
    }

    @Test
    void goesOnAfterAnOutage() {
        NatsServer server = server(SharedStream.config());
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        table("t", server, "'nats.subject' = 'orders.>'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        assertThat(query.next(5)).isEqualTo(rows(1, 5));
        server.kill();
        server.restart();
        stream.publishTo("orders.1", "{\"id\": 6}");

        assertThat(query.next(1)).isEqualTo(rows(6, 6));
        GuardedOrders.assertNothingForbidden(server);
    }

    @Test
    void isReadThroughADurableConsumer() {
        NatsServer server = server(SharedStream.config());
        TestStream stream = orders.stream(server, RetentionPolicy.WorkQueue);
        sql.set("execution.checkpointing.interval", "100 ms");
        table(
                "t",
                server,
                "'nats.stream' = 'ORDERS'",
                "'scan.durable-consumer' = 'TASKS'",
                "'scan.durable-consumer.create' = 'true'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");

        assertThat(query.next(5)).isEqualTo(rows(1, 5));
        Await.until(
                "everything is acknowledged",
                Duration.ofSeconds(30),
                () -> stream.payloads().isEmpty());
        GuardedOrders.assertNothingForbidden(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "at-least-once"})
    void isWritten(String guarantee) {
        NatsServer server = server(SharedStream.config());
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        table(
                "t",
                server,
                "'nats.subject' = 'orders.new'",
                "'sink.delivery-guarantee' = '" + guarantee + "'");
        sql.insert("INSERT INTO t VALUES (6), (7)");

        SqlFixture.awaitLast(stream, 7);
        assertThat(stream.payloads().subList(5, 7)).containsExactly("{\"id\":6}", "{\"id\":7}");
        GuardedOrders.assertNothingForbidden(server);
    }

    /** It cannot ask for other jobs with its sink id, as it may not publish to its own inbox. */
    @Test
    void isWrittenExactlyOnce() {
        NatsServer server = server(SharedStream.config());
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        sql.set("execution.checkpointing.interval", "100 ms");
        table(
                "t",
                server,
                "'nats.subject' = 'orders.new'",
                "'sink.delivery-guarantee' = 'exactly-once'",
                "'sink.id' = 'job'");
        sql.insert("INSERT INTO t VALUES (6), (7)");

        assertThat(stream.payloads().subList(5, 7)).containsExactly("{\"id\":6}", "{\"id\":7}");
        assertThat(server.log()).contains("Publish Violation").contains("_FLINK.flink-sink.job");
    }

    /** It is named as the user's account knows it. */
    @Test
    void isNotReadWithoutThePermission() {
        NatsServer server =
                server(SharedStream.config(Permissions.subjects(Permissions.FIND_STREAM)));
        orders.stream(server, RetentionPolicy.Limits);
        table("t", server, "'nats.subject' = 'orders.>'", BOUNDED);

        assertThat(sql.failure("SELECT id FROM t"))
                .contains("Cannot look up stream ORDERS")
                .contains(
                        "Permissions Violation for Publish to \"JS.OWNER.API.STREAM.INFO.ORDERS\"");
    }

    @Test
    void isNotReadWithoutTheInboxPrefix() {
        NatsServer server = server(SharedStream.config());
        orders.stream(server, RetentionPolicy.Limits);
        table("t", server, "'nats.stream' = 'ORDERS'", "'nats.inbox-prefix' = '_INBOX'", BOUNDED);

        assertThat(sql.failure("SELECT id FROM t"))
                .contains("Permissions Violation for Subscription to \"_INBOX.")
                .contains("or set 'nats.inbox-prefix' to what the user may subscribe to.");
    }

    /** A service has one answer, unless its export says otherwise: reading halts, and goes on. */
    @Test
    void isReadSlowlyWithoutAStreamOfAnswers() {
        NatsServer server = server(SharedStream.config().replace(", response_type: stream", ""));
        orders.stream(server, RetentionPolicy.Limits);
        table("t", server, "'nats.stream' = 'ORDERS'", BOUNDED);

        assertThat(sql.rows("SELECT id FROM t")).isEqualTo(rows(1, 5));
    }
}

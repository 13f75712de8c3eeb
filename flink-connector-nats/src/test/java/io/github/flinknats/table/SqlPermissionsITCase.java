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

    private final GuardedOrders orders = new GuardedOrders(servers, sql);

    private static List<Row> rows(int from, int to) {
        List<Row> rows = new ArrayList<>();
        for (int id = from; id <= to; id++) {
            rows.add(Row.of(id));
        }
        return rows;
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
        NatsServer server = orders.server(Permissions.subjects(Permissions.READ));
        orders.stream(server, RetentionPolicy.Limits);
        List<String> options = new ArrayList<>();
        options.add("'nats.stream' = 'ORDERS'");
        options.add("'scan.startup.mode' = '" + mode + "'");
        if (more != null) {
            options.add(more);
        }
        options.add(BOUNDED);
        orders.table("t", server, options.toArray(new String[0]));

        assertThat(sql.rows("SELECT id FROM t")).isEqualTo(rows(first, 5));
        GuardedOrders.assertNothingForbidden(server);
    }

    /** It then looks at the stream again, and at the message that it has read last. */
    @Test
    void goesOnAfterAnOutage() {
        NatsServer server =
                orders.server(Permissions.subjects(Permissions.READ, Permissions.FIND_STREAM));
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        orders.table("t", server, "'nats.subject' = 'orders.>'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        assertThat(query.next(5)).isEqualTo(rows(1, 5));
        server.kill();
        server.restart();
        stream.publishTo("orders.1", "{\"id\": 6}");
        assertThat(query.next(1)).isEqualTo(rows(6, 6));
        GuardedOrders.assertNothingForbidden(server);
    }

    @ParameterizedTest
    @CsvSource({"orders.>", "orders.*"})
    void readsAWorkQueue(String subject) {
        NatsServer server =
                orders.server(
                        Permissions.subjects(Permissions.READ_DURABLE, Permissions.CREATE_DURABLE));
        TestStream stream = orders.stream(server, RetentionPolicy.WorkQueue);
        sql.restartJobs("100 ms");
        orders.table(
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
        GuardedOrders.assertNothingForbidden(server);
    }

    @Test
    void sendsDeadLetters() {
        NatsServer server =
                orders.server(Permissions.subjects(Permissions.READ, Permissions.DEAD_LETTERS));
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        TestStream dead =
                TestStream.create(server, builder -> builder.name("DEAD").subjects("dead.>"));
        stream.publishTo("orders.1", "bad");
        orders.table(
                "t",
                server,
                "'nats.stream' = 'ORDERS'",
                "'scan.on-error' = 'dead-letter'",
                "'scan.dead-letter.subject' = 'dead.orders'",
                BOUNDED);
        assertThat(sql.rows("SELECT id FROM t")).isEqualTo(rows(1, 5));
        assertThat(dead.payloads()).containsExactly("bad");
        GuardedOrders.assertNothingForbidden(server);
    }

    @ParameterizedTest
    @CsvSource({"none", "at-least-once"})
    void writes(String guarantee) {
        NatsServer server = orders.server(Permissions.subjects(Permissions.WRITE));
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        orders.table(
                "t",
                server,
                "'nats.subject' = 'orders.new'",
                "'sink.delivery-guarantee' = '" + guarantee + "'");
        sql.insert("INSERT INTO t VALUES (6), (7)");
        SqlFixture.awaitLast(stream, 7);
        GuardedOrders.assertNothingForbidden(server);
    }

    @Test
    void writesExactlyOnce() {
        NatsServer server = orders.server(Permissions.subjects(Permissions.WRITE_EXACTLY_ONCE));
        TestStream stream = orders.stream(server, RetentionPolicy.Limits);
        sql.set("execution.checkpointing.interval", "100 ms");
        orders.table(
                "t",
                server,
                "'nats.subject' = 'orders.new'",
                "'sink.delivery-guarantee' = 'exactly-once'",
                "'sink.id' = 'job'");
        sql.insert("INSERT INTO t VALUES (6), (7)");
        assertThat(stream.lastSequence()).isEqualTo(7);
        GuardedOrders.assertNothingForbidden(server);
    }

    @Test
    void readsABucket() {
        NatsServer server = orders.server(Permissions.subjects(Permissions.READ_BUCKET));
        TestStream bucket = GuardedOrders.bucket(server);
        bucket.publishTo("$KV.PRICES.apple", "{\"price\": 3}");
        orders.tableAt(
                server.url(),
                "t",
                "item STRING, price INT, PRIMARY KEY (item) NOT ENFORCED",
                "'nats.stream' = 'KV_PRICES'",
                "'nats.subject' = '$KV.PRICES.{item}'",
                BOUNDED);

        assertThat(sql.rows("SELECT item, price FROM t")).containsExactly(Row.of("apple", 3));
        GuardedOrders.assertNothingForbidden(server);
    }

    @Test
    void writesIntoABucket() {
        NatsServer server = orders.server(Permissions.subjects(Permissions.WRITE_BUCKET));
        TestStream bucket = GuardedOrders.bucket(server);
        orders.tableAt(
                server.url(),
                "t",
                "item STRING, price INT, PRIMARY KEY (item) NOT ENFORCED",
                "'nats.subject' = '$KV.PRICES.{item}'");
        sql.insert("INSERT INTO t VALUES ('apple', 3)");

        assertThat(bucket.payloads()).containsExactly("{\"item\":\"apple\",\"price\":3}");
        GuardedOrders.assertNothingForbidden(server);
    }
}

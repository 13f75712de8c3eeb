// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the server is reached. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlConnectionITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @Test
    @OwnServer(users = {"admin:top", "u:geheim"})
    @Covers(options = {"nats.user", "nats.password"})
    void logsInWithUserAndPassword(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        String from = SqlFixture.from(server, stream);
        sql.table("good", "id INT", from, BOUNDED, "'nats.user' = 'u', 'nats.password' = 'geheim'");
        sql.table("bad", "id INT", from, BOUNDED, "'nats.user' = 'u', 'nats.password' = 'falsch'");
        sql.table("nobody", "id INT", from, BOUNDED);

        assertThat(sql.rows("SELECT id FROM good")).containsExactly(Row.of(1));
        assertThat(sql.failure("SELECT id FROM bad"))
                .contains("Cannot log in to " + server.url() + " (user u)")
                .contains("check 'nats.user' and 'nats.password'")
                .doesNotContain("falsch");
        assertThat(sql.failure("SELECT id FROM nobody"))
                .contains("set 'nats.user' and 'nats.password'");
    }

    @Test
    @OwnServer(
            login = "admin:top",
            config =
                    "authorization { users: [ {user: admin, password: top}, {user: u, password: p,"
                            + " permissions: {publish: \"$JS.API.>\", subscribe: \"_IN_u.>\"}} ] }")
    @Covers(options = "nats.inbox-prefix")
    void takesRepliesWhereTheUserMay(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        String from = SqlFixture.from(server, stream) + ", 'nats.user'='u', 'nats.password'='p'";
        sql.table("allowed", "id INT", from, BOUNDED, "'nats.inbox-prefix' = '_IN_u'");
        sql.table("forbidden", "id INT", from, BOUNDED, "'nats.request-timeout' = '2s'");

        assertThat(sql.rows("SELECT id FROM allowed")).containsExactly(Row.of(1));
        assertThat(sql.failure("SELECT id FROM forbidden")).contains("_INBOX");
    }

    @Test
    @Covers(options = "nats.connection-name")
    void namesItsConnections(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        sql.table("my_table", "id INT", SqlFixture.from(server, stream));
        sql.table(
                "other",
                "id INT",
                SqlFixture.from(server, stream),
                "'nats.connection-name' = 'night job'");
        SqlFixture.Running unnamed = sql.start("SELECT id FROM my_table");
        unnamed.next(1);
        assertThat(server.connections()).anyMatch(name -> name.contains("my_table"));
        unnamed.job().cancel().get();

        sql.start("SELECT id FROM other").next(1);
        assertThat(server.connections()).anyMatch(name -> name.contains("night job"));
    }

    @Test
    @Covers(options = "nats.connect-timeout")
    void waitsForAServerAsLongAsAllowed(NatsServer server, TestStream stream) {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(Direction.FROM_SERVER, "INFO", 0).hold();
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    BOUNDED,
                    "'nats.connect-timeout' = '700ms'");

            assertThat(sql.failure("SELECT id FROM t"))
                    .contains("Cannot connect to " + proxy.url() + " within 700 ms per server")
                    .contains("'nats.connect-timeout'");
        }
    }

    @Test
    @Covers(options = "nats.request-timeout")
    void waitsForAnAnswerAsLongAsAllowed(NatsServer server, TestStream stream) {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(Direction.FROM_SERVER, "MSG", 0).drop(1_000);
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    BOUNDED,
                    "'nats.request-timeout' = '600ms'");

            assertThat(sql.failure("SELECT id FROM t"))
                    .contains("because it did not answer within 600 ms")
                    .contains("raise 'nats.request-timeout'");
        }
    }

    @Test
    @Covers(options = "nats.outage-timeout")
    void failsAfterAnOutage(NatsServer server, TestStream stream) {
        stream.publish("a", "{\"id\":1}");
        try (FaultProxy proxy = FaultProxy.start(server)) {
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    "'nats.outage-timeout' = '2s'");
            SqlFixture.Running query = sql.start("SELECT id FROM t");
            query.next(1);
            proxy.refuse(true);
            proxy.cutAll();

            assertThat(query.failure())
                    .contains("Cannot go on reading stream " + stream.name())
                    .contains("at sequence 2, because for 2 s nothing could be read")
                    .contains("raise 'nats.outage-timeout'");
        } finally {
            // The reader could not tell the server to forget its consumer.
            server.consumers().stream()
                    .filter(consumer -> consumer.startsWith(stream.name() + "/"))
                    .forEach(c -> stream.keepConsumer(c.substring(c.indexOf('/') + 1)));
        }
    }

    @Test
    @Covers(options = "nats.properties")
    void passesPropertiesToTheClient(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        try (FaultProxy proxy = FaultProxy.start(server)) {
            sql.table(
                    "t",
                    "id INT",
                    SqlFixture.from(proxy.url(), stream.subjects()),
                    "'nats.properties.pinginterval' = '50'");
            SqlFixture.Running query = sql.start("SELECT id FROM t");
            query.next(1);

            Await.until(
                    "the client pings as often as it was told",
                    LIMIT,
                    () -> proxy.frames(Direction.FROM_CLIENT, "PING") > 20);
            query.job().cancel().get();
            Await.until("the connections are closed", LIMIT, () -> proxy.connections() == 0);
        }
    }
}

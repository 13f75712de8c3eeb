// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JetStream that answers elsewhere: in another domain, or in another account. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlDomainITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final String ACCOUNTS =
            "accounts {"
                    + " A { jetstream: enabled, users: [{user: admin, password: top}],"
                    + "     exports: [{service: \"$JS.API.>\", response_type: stream}] },"
                    + " B { users: [{user: b, password: p}], imports: ["
                    + "     {service: {account: A, subject: \"$JS.API.>\"}, to: \"JS.A.API.>\"}] }"
                    + "}";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private static NatsServer hub(int leafPort) {
        return NatsServer.builder()
                .domain("hub")
                .config("leafnodes { listen: \"127.0.0.1:" + leafPort + "\" }")
                .start();
    }

    private static NatsServer leaf(int leafPort) {
        return NatsServer.builder()
                .domain("leaf")
                .config(
                        "leafnodes { remotes: [{url: \"nats-leaf://127.0.0.1:"
                                + leafPort
                                + "\"}] }")
                .start();
    }

    private static void awaitLeaf(NatsServer hub) {
        Await.until(
                "the leaf node has joined",
                Duration.ofSeconds(30),
                () -> hub.monitor("/leafz").contains("\"leafnodes\": 1"),
                () -> hub.monitor("/leafz"));
    }

    @Test
    @Covers(options = "nats.domain")
    void readsAStreamOfTheHubFromALeafNode() throws Exception {
        int leafPort = freePort();
        try (NatsServer hub = hub(leafPort);
                NatsServer leaf = leaf(leafPort)) {
            awaitLeaf(hub);
            TestStream stream = TestStream.create(hub);
            stream.publish("a", "{\"id\":1}");
            String from = SqlFixture.from(leaf.url(), stream.subjects());
            sql.table("t", "id INT", from, BOUNDED, "'nats.domain' = 'hub'");
            sql.table("own", "id INT", from, BOUNDED, "'nats.domain' = 'leaf'");
            sql.table("lost", "id INT", from, BOUNDED, "'nats.domain' = 'moon'");

            assertThat(sql.rows("SELECT id FROM t")).containsExactly(Row.of(1));
            assertThat(sql.failure("SELECT id FROM own"))
                    .contains("Cannot find a stream on " + leaf.url() + " that carries");
            assertThat(sql.failure("SELECT id FROM lost"))
                    .contains("set 'nats.domain' or 'nats.api-prefix'");
            stream.delete();
        }
    }

    /** Each message has two answers, from the leaf node's stream and from the hub's. */
    @ParameterizedTest
    @ValueSource(strings = {"at-least-once", "exactly-once"})
    void writesWhatStreamsOfTwoDomainsTake(String guarantee) throws Exception {
        int leafPort = freePort();
        try (NatsServer hub = hub(leafPort);
                NatsServer leaf = leaf(leafPort)) {
            awaitLeaf(hub);
            TestStream near = TestStream.create(leaf);
            StreamConfiguration same =
                    StreamConfiguration.builder(near.info().getConfiguration()).build();
            try (Connection connection = Nats.connect(hub.url())) {
                connection.jetStreamManagement().addStream(same);
                sql.set("execution.checkpointing.interval", "200 ms");
                sql.table(
                        "t",
                        "id BIGINT",
                        SqlFixture.from(leaf.url(), near.subject("a")),
                        "'sink.delivery-guarantee' = '" + guarantee + "'",
                        guarantee.equals("exactly-once")
                                ? "'sink.id' = 'orders'"
                                : "'nats.connect-timeout' = '5 s'",
                        "'sink.parallelism' = '1'");
                sql.execute(
                        "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'datagen',"
                                + " 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',"
                                + " 'fields.id.end' = '5000', 'scan.parallelism' = '1')");
                sql.insert("INSERT INTO t SELECT id FROM numbers");

                List<String> written = near.payloads();
                if (guarantee.equals("exactly-once")) {
                    assertThat(written).isEqualTo(SqlSinkITCase.payloads(1, 5_000));
                } else {
                    // What was in flight at the second answer is there twice.
                    assertThat(new LinkedHashSet<>(written))
                            .containsExactlyElementsOf(SqlSinkITCase.payloads(1, 5_000));
                }
                assertThat(
                                connection
                                        .jetStreamManagement()
                                        .getStreamInfo(near.name())
                                        .getStreamState()
                                        .getMsgCount())
                        .isEqualTo(written.size());
            }
            near.delete();
        }
    }

    @Test
    @OwnServer(login = "admin:top", config = ACCOUNTS)
    @Covers(options = "nats.api-prefix")
    void readsAStreamOfAnotherAccount(NatsServer server, TestStream stream) {
        for (int i = 0; i < 100; i++) {
            stream.publish("a", "{\"id\":" + i + "}");
        }
        String from =
                SqlFixture.from(server, stream) + ", 'nats.user' = 'b', 'nats.password' = 'p'";
        sql.table(
                "t",
                "id INT, seq BIGINT METADATA FROM 'sequence', sub STRING METADATA FROM 'subject'",
                from,
                BOUNDED,
                "'nats.api-prefix' = 'JS.A.API'");
        sql.table("own", "id INT", from, BOUNDED, "'nats.request-timeout' = '2 s'");

        assertThat(sql.rows("SELECT id, seq, sub FROM t WHERE id > 97"))
                .containsExactly(
                        Row.of(98, 99L, stream.subject("a")),
                        Row.of(99, 100L, stream.subject("a")));
        assertThat(sql.failure("SELECT id FROM own"))
                .contains("JetStream not enabled for account")
                .contains("'nats.api-prefix'");
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

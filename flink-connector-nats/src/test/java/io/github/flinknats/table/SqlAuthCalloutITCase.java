// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.AuthCallout;
import io.github.flinknats.client.TestKeys;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.support.JsonValue;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that leaves it to a service who may come in. */
@Timeout(120)
class SqlAuthCalloutITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final GuardedServers servers = new GuardedServers();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private final TestKeys keys = new TestKeys();
    private NatsServer server;
    private TestStream stream;

    @BeforeEach
    void startServer() {
        server =
                servers.start(
                        AuthCallout.serverConfig(keys),
                        options -> options.userInfo("admin".toCharArray(), "top".toCharArray()));
        stream = servers.stream(server);
    }

    private static @Nullable String refusal(Map<String, JsonValue> options) {
        boolean byPassword = is(options, "user", "flink") && is(options, "pass", "right");
        return byPassword || is(options, "auth_token", "right") ? null : "not on the list";
    }

    private static boolean is(Map<String, JsonValue> options, String key, String value) {
        return options.containsKey(key) && value.equals(options.get(key).string);
    }

    private void table(String name, String login) {
        sql.table(name, "id INT", SqlFixture.from(server, stream), BOUNDED, login);
    }

    private String failureSoon(String statement) {
        long begin = System.nanoTime();
        String said = sql.failure(statement);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(GuardedServers.SOON);
        return said;
    }

    @Test
    void letsIn() throws Exception {
        try (AuthCallout callout = AuthCallout.on(server, keys, SqlAuthCalloutITCase::refusal)) {
            table("by_password", "'nats.user' = 'flink', 'nats.password' = 'right'");
            table("by_token", "'nats.token' = 'right'");
            sql.table(
                    "written",
                    "id INT",
                    SqlFixture.from(server.url(), stream.subject("b")),
                    "'nats.user' = 'flink', 'nats.password' = 'right'");

            assertThat(sql.rows("SELECT id FROM by_password")).containsExactly(Row.of(1));
            assertThat(sql.rows("SELECT id FROM by_token")).containsExactly(Row.of(1));
            sql.insert("INSERT INTO written VALUES (2)");
            assertThat(stream.payloads()).containsExactly("{\"id\":1}", "{\"id\":2}");
            assertThat(callout.asked()).contains("flink");
        }
    }

    @Test
    void refuses() throws Exception {
        try (AuthCallout callout = AuthCallout.on(server, keys, SqlAuthCalloutITCase::refusal)) {
            table("bad", "'nats.user' = 'flink', 'nats.password' = 'wr0ng'");

            assertThat(failureSoon("SELECT id FROM bad"))
                    .contains(
                            "Cannot log in to "
                                    + server.url()
                                    + " (user flink), because the server says: ")
                    .containsIgnoringCase("authorization violation")
                    .contains("Please check 'nats.user' and 'nats.password'.")
                    .doesNotContain("wr0ng");
            assertThat(callout.asked()).contains("flink");
        }
    }

    /** The server gives it up after its own time limit. */
    @Test
    void refusesWhenNobodyDecides() {
        table("t", "'nats.user' = 'flink', 'nats.password' = 'right'");

        assertThat(failureSoon("SELECT id FROM t"))
                .contains("Cannot log in to " + server.url() + " (user flink), because the server");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.docs.Permissions;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The stream ORDERS on a server that a user may do little on, and tables of that user. */
final class GuardedOrders {
    private final GuardedServers servers;
    private final SqlFixture sql;

    GuardedOrders(GuardedServers servers, SqlFixture sql) {
        this.servers = servers;
        this.sql = sql;
    }

    /** A server on which the user may publish to these subjects only. */
    NatsServer server(Set<String> publish) {
        return server(publish, "_INBOX.>");
    }

    /** A server on which the user may publish to these subjects and subscribe to one only. */
    NatsServer server(Set<String> publish, String subscribe) {
        return servers.start(
                "authorization { users: [ {user: admin, password: top}, "
                        + Permissions.user("some", "p", publish, subscribe)
                        + " ] }",
                options -> options.userInfo("admin".toCharArray(), "top".toCharArray()));
    }

    /** Five messages with the ids 1 to 5. */
    TestStream stream(NatsServer server, RetentionPolicy retention) {
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

    /** A bucket is a stream of this shape. */
    static TestStream bucket(NatsServer server) {
        return TestStream.create(
                server, builder -> builder.name("KV_PRICES").subjects("$KV.PRICES.>"));
    }

    void table(String name, NatsServer server, String... options) {
        tableAt(server.url(), name, "id INT", options);
    }

    void tableAt(String url, String name, String columns, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("'nats.user' = 'some'");
        all.add("'nats.password' = 'p'");
        all.add("'nats.server-url' = '" + url + "'");
        sql.table(name, columns, all.toArray(new String[0]));
    }

    static void assertNothingForbidden(NatsServer server) {
        assertThat(server.log()).doesNotContainIgnoringCase("violation");
    }
}

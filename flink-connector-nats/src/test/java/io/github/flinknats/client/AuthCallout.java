// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.testing.NatsServer;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The service that a server with {@code auth_callout} asks who may come in: users of its own list,
 * into the account APP. It is a subscription, and answers with JWTs (ADR-26).
 */
public final class AuthCallout implements AutoCloseable {
    private static final String MAY_DO_EVERYTHING =
            "{\"type\":\"user\",\"version\":2,\"subs\":-1,\"data\":-1,\"payload\":-1}";

    private final Connection connection;
    private final TestKeys keys;
    private final Function<Map<String, JsonValue>, @Nullable String> problem;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    private AuthCallout(
            Connection connection,
            TestKeys keys,
            Function<Map<String, JsonValue>, @Nullable String> problem) {
        this.connection = connection;
        this.keys = keys;
        this.problem = problem;
    }

    /** Lines of a server's configuration that leave logins to a service with these keys. */
    public static String serverConfig(TestKeys keys) {
        return "accounts {"
                + " AUTH { users: [{user: callout, password: c}] },"
                + " APP { jetstream: enabled, users: [{user: admin, password: top}] } }\n"
                + "authorization { timeout: 2, auth_callout { account: AUTH, issuer: "
                + keys.accountId()
                + ", auth_users: [callout, admin] } }\n";
    }

    /**
     * Starts to answer.
     *
     * @param problem why whoever connects so is not let in; null if he is
     */
    public static AuthCallout on(
            NatsServer server,
            TestKeys keys,
            Function<Map<String, JsonValue>, @Nullable String> problem) {
        AuthCallout callout = new AuthCallout(server.connect("callout", "c"), keys, problem);
        callout.connection.createDispatcher(callout::answer).subscribe("$SYS.REQ.USER.AUTH");
        return callout;
    }

    /** The users who wanted to come in. */
    public Queue<String> asked() {
        return asked;
    }

    private void answer(Message request) {
        Map<String, JsonValue> claim = claim(request);
        String user = claim.get("user_nkey").string;
        Map<String, JsonValue> options = claim.get("connect_opts").map;
        asked.add(options.containsKey("user") ? options.get("user").string : "");
        String refused = problem.apply(options);
        String answer =
                refused == null
                        ? "\"jwt\":\"" + keys.signed(user, "APP", MAY_DO_EVERYTHING) + "\""
                        : "\"error\":\"" + refused + "\"";
        connection.publish(
                request.getReplyTo(),
                keys.signed(
                                user,
                                claim.get("server_id").map.get("id").string,
                                "{\"type\":\"authorization_response\",\"version\":2,"
                                        + answer
                                        + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, JsonValue> claim(Message request) {
        String jwt = new String(request.getData(), StandardCharsets.UTF_8);
        String body =
                new String(
                        Base64.getUrlDecoder().decode(jwt.split("\\.")[1]), StandardCharsets.UTF_8);
        return JsonParser.parseUnchecked(body).map.get("nats").map;
    }

    @Override
    public void close() throws InterruptedException {
        connection.close();
    }
}

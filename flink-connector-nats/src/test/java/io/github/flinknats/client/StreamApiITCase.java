// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each request says what it was for when it is refused. */
@Timeout(60)
class StreamApiITCase {
    private static final String NOBODY =
            "authorization { users: [{user: u, password: p, permissions: {publish: \"nothing\","
                    + " subscribe: \"_INBOX.>\"}}] }";

    private static Map<String, Function<StreamApi, CompletableFuture<?>>> requests() {
        ConsumerSpec consumer = ConsumerSpec.fromTime("S", "c", List.of("a"), Instant.EPOCH);
        Map<String, Function<StreamApi, CompletableFuture<?>>> requests = new LinkedHashMap<>();
        requests.put("Cannot look up stream S on ", api -> api.info("S"));
        requests.put("Cannot look for streams that carry a.> on ", api -> api.namesCarrying("a.>"));
        requests.put("Cannot look up message 5 of stream S on ", api -> api.storedAt("S", 5));
        requests.put("Cannot open a consumer of stream S on ", api -> api.createConsumer(consumer));
        requests.put(
                "Cannot look up consumer d of stream S on ", api -> api.findConsumer("S", "d"));
        requests.put(
                "Cannot create durable consumer d of stream S on ",
                api -> api.createDurable(DurableSpec.of("S", "d", List.of("a"))));
        requests.put(
                "Cannot delete consumer d of stream S on ", api -> api.deleteConsumer("S", "d"));
        return requests;
    }

    private static String pullRefusal(NatsClient client) {
        try {
            client.streams().checkPull("S", "c");
            return "";
        } catch (NatsFailure e) {
            return e.sentence();
        }
    }

    @Test
    void saysWhatWasTried() throws Exception {
        try (NatsServer server =
                NatsServer.builder()
                        .config(NOBODY)
                        .login(to -> to.userInfo("u".toCharArray(), "p".toCharArray()))
                        .start()) {
            ConnectionSettings settings =
                    ConnectionSettings.of(server.url())
                            .withCredentials(Credentials.userPassword("u", "p"));
            try (NatsClient client =
                    NatsClient.connect(settings, NatsClient.Listener.NONE, false)) {
                requests()
                        .forEach(
                                (begin, request) ->
                                        assertThatThrownBy(
                                                        () ->
                                                                request.apply(client.streams())
                                                                        .get(10, TimeUnit.SECONDS))
                                                .cause()
                                                .hasMessageContaining(begin + server.url())
                                                .hasMessageContaining(
                                                        ", because the user lacks a permission;"));
                client.streams().pull("S", "c", "_INBOX.x", "");
                Await.until(
                        "the pull is refused",
                        Duration.ofSeconds(10),
                        () -> !pullRefusal(client).isEmpty());
                assertThat(pullRefusal(client))
                        .startsWith(
                                "Cannot read stream S on "
                                        + server.url()
                                        + ", because the user lacks a permission;");
            }
        }
    }
}

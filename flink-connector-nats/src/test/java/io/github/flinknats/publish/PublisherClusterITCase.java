// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.record.Headers;
import io.github.flinknats.testing.NatsCluster;
import io.github.flinknats.testing.TestStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream without a leader looks like no stream at all, and is waited for. */
@Timeout(180)
class PublisherClusterITCase {
    private static final int LIMIT_SECONDS = 60;
    private static final int MESSAGES = 3_000;

    @Test
    void survivesTheLossOfTheStreamsLeader() throws Exception {
        try (NatsCluster cluster = NatsCluster.start(3)) {
            TestStream stream = cluster.createStream(builder -> {});
            ConnectionSettings connection = ConnectionSettings.of(cluster.url());
            try (Publisher publisher =
                    new Publisher(
                            connection,
                            PublishSettings.of(100, 1 << 20, connection.timeouts()),
                            Failures.at(connection).publishing("publish to", "nats.subject"),
                            false)) {
                send(publisher, stream, 0, MESSAGES / 3);
                int first = cluster.awaitLeader(stream.name());
                cluster.node(first).kill();
                send(publisher, stream, MESSAGES / 3, 2 * MESSAGES / 3);
                cluster.awaitLeader(stream.name());
                cluster.node(first).restart();
                cluster.awaitHealthy();
                cluster.node(cluster.awaitLeader(stream.name())).stop();
                send(publisher, stream, 2 * MESSAGES / 3, MESSAGES);
                publisher.flush().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            List<String> all =
                    IntStream.range(0, MESSAGES)
                            .mapToObj(i -> "m" + i)
                            .collect(Collectors.toList());
            // A message that was stored ahead of a refused one keeps its place.
            assertThat(stream.payloads()).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    private static void send(Publisher publisher, TestStream stream, int from, int to)
            throws Exception {
        for (int i = from; i < to; i++) {
            publisher.room().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            publisher.send(
                    new OutgoingMessage(
                            stream.subject("a"),
                            Headers.of(
                                    Collections.singletonMap(
                                            "Nats-Msg-Id", Collections.singletonList("id" + i))),
                            ("m" + i).getBytes(StandardCharsets.UTF_8)));
        }
    }
}

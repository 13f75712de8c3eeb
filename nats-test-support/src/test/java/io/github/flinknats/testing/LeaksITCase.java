// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Connection;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NatsServerExtension.class)
class LeaksITCase {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ConsumerConfiguration CONSUMER =
            ConsumerConfiguration.builder().durable("left").build();

    @Test
    void findsNothingAfterACleanTest(NatsServer server, TestStream stream) throws Exception {
        Leaks leaks = Leaks.before(server);
        try (Connection connection = server.connect()) {
            connection.publish(stream.subject("a"), new byte[0]);
        }
        stream.publish("a", "x");
        assertThatCode(() -> leaks.check(List.of(stream), LONG)).doesNotThrowAnyException();
    }

    @Test
    void namesAConnectionAndItsThreads(NatsServer server) throws Exception {
        Leaks leaks = Leaks.before(server);
        try (Connection connection =
                server.connect(options -> options.connectionName("nats-left"))) {
            connection.flush(Duration.ofSeconds(5));
            assertThatThrownBy(() -> leaks.check(List.of(), SHORT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("connection nats-left")
                    .hasMessageContaining("thread nats-left:1");
        }
        leaks.check(List.of(), LONG);
    }

    @Test
    void namesAConsumerUnlessTheTestWantsItThere(NatsServer server, TestStream stream)
            throws Exception {
        Leaks leaks = Leaks.before(server);
        stream.management().addOrUpdateConsumer(stream.name(), CONSUMER);
        assertThatThrownBy(() -> leaks.check(List.of(stream), SHORT))
                .hasMessageContaining("consumer " + stream.name() + "/left");
        stream.addConsumer(CONSUMER);
        leaks.check(List.of(stream), LONG);
    }

    @Test
    void namesAThread(NatsServer server) throws Exception {
        Leaks leaks = Leaks.before(server);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "flink-nats-left");
        thread.start();
        assertThatThrownBy(() -> leaks.check(List.of(), SHORT))
                .hasMessageContaining("thread flink-nats-left");
        end.countDown();
        thread.join();
        leaks.check(List.of(), LONG);
    }

    @Test
    @OwnServer
    void looksAtThreadsOnlyWhenTheServerIsDead(NatsServer server, TestStream stream) {
        server.kill();
    }

    @Test
    @OwnServer
    void wakesAPausedServer(NatsServer server) {
        server.pause();
    }
}

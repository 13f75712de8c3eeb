// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static io.github.flinknats.testing.Direction.FROM_CLIENT;
import static io.github.flinknats.testing.Direction.FROM_SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.FailureKind;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever breaks, every message is read once and in order, or the reader says why it cannot. */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(180)
class CursorFaultsITCase {
    private static final int HALF = 30_000;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private static void publish(TestStream stream, int from, int to) {
        stream.publishMany("a", from, to, i -> "m" + i);
    }

    private static List<String> messages(int to) {
        return IntStream.range(0, to).mapToObj(i -> "m" + i).collect(Collectors.toList());
    }

    @Test
    void survivesServerKillsInARow(NatsServer server, TestStream stream) {
        publish(stream, 0, HALF);
        try (ReadingThread reader = ReadingThread.start(server.url(), server, stream)) {
            for (int round = 1; round <= 3; round++) {
                reader.awaitCount(round * 5_000);
                server.kill();
                server.restart();
            }
            publish(stream, HALF, HALF + 100);
            reader.awaitCount(HALF + 100);
            assertThat(reader.read()).isEqualTo(messages(HALF + 100));
        }
    }

    @Test
    void survivesAnAdministratorWhoDeletesTheConsumer(NatsServer server, TestStream stream)
            throws Exception {
        publish(stream, 0, HALF);
        try (ReadingThread reader = ReadingThread.start(server.url(), server, stream)) {
            reader.awaitCount(1);
            for (int round = 0; round < 3; round++) {
                List<String> before =
                        Await.value(
                                "a consumer",
                                Duration.ofSeconds(10),
                                () -> {
                                    List<String> names =
                                            stream.management().getConsumerNames(stream.name());
                                    return names.isEmpty() ? null : names;
                                });
                for (String name : before) {
                    deleteConsumer(stream, name);
                }
                publish(stream, HALF + round * 10, HALF + round * 10 + 10);
                reader.awaitCount(HALF + round * 10 + 10);
            }
            assertThat(reader.read()).isEqualTo(messages(HALF + 30));
        }
    }

    private static void deleteConsumer(TestStream stream, String name) throws Exception {
        try {
            stream.management().deleteConsumer(stream.name(), name);
        } catch (io.nats.client.JetStreamApiException e) {
            // The reader has thrown it away meanwhile.
            assertThat(e.getApiErrorCode()).isEqualTo(10014);
        }
    }

    @Test
    void survivesCutsAtAnyPlace(NatsServer server, TestStream stream) {
        publish(stream, 0, HALF);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 1).cut();
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 7_777).cut();
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 20_001).cut();
            proxy.on(FROM_CLIENT, "PUB", "$JS.API.CONSUMER.CREATE", 2).cut();
            proxy.on(FROM_CLIENT, "PUB", "$JS.API.CONSUMER.MSG.NEXT", 9).cut();
            try (ReadingThread reader = ReadingThread.start(proxy.url(), server, stream)) {
                reader.awaitCount(HALF);
                assertThat(reader.read()).isEqualTo(messages(HALF));
                assertThat(proxy.accepted()).isGreaterThanOrEqualTo(5);
            }
        }
    }

    @Test
    void survivesLostMessages(NatsServer server, TestStream stream) {
        publish(stream, 0, HALF);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 5_000).drop(1);
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 12_000).drop(500);
            try (ReadingThread reader = ReadingThread.start(proxy.url(), server, stream)) {
                reader.awaitCount(HALF);
                assertThat(reader.read()).isEqualTo(messages(HALF));
            }
        }
    }

    @Test
    void noticesThatTheLastMessageWasLost(NatsServer server, TestStream stream) {
        publish(stream, 0, 100);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 99).drop(1);
            try (ReadingThread reader = ReadingThread.start(proxy.url(), server, stream)) {
                reader.awaitCount(100);
                assertThat(reader.read()).isEqualTo(messages(100));
            }
        }
    }

    @Test
    void survivesLostPulls(NatsServer server, TestStream stream) {
        publish(stream, 0, HALF);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(FROM_CLIENT, "PUB", "$JS.API.CONSUMER.MSG.NEXT", 0).drop(1);
            proxy.on(FROM_CLIENT, "PUB", "$JS.API.CONSUMER.MSG.NEXT", 4).drop(1);
            try (ReadingThread reader = ReadingThread.start(proxy.url(), server, stream)) {
                reader.awaitCount(HALF);
                assertThat(reader.read()).isEqualTo(messages(HALF));
            }
        }
    }

    @Test
    void survivesHalfOpenConnections(NatsServer server, TestStream stream) {
        publish(stream, 0, HALF);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(FROM_SERVER, "MSG", stream.prefix(), 10_000).silence();
            try (ReadingThread reader = ReadingThread.start(proxy.url(), server, stream)) {
                reader.awaitCount(10_000);
                reader.awaitCount(HALF);
                assertThat(reader.read()).isEqualTo(messages(HALF));
            }
        }
    }

    @Test
    void survivesAServerThatStandsStill(NatsServer server, TestStream stream) {
        publish(stream, 0, HALF);
        try (ReadingThread reader = ReadingThread.start(server.url(), server, stream)) {
            reader.awaitCount(2_000);
            server.pause();
            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            Await.until(
                    "twenty seconds have passed",
                    Duration.ofSeconds(30),
                    () -> System.nanoTime() > until);
            server.resume();
            publish(stream, HALF, HALF + 10);
            reader.awaitCount(HALF + 10);
            assertThat(reader.read()).isEqualTo(messages(HALF + 10));
        }
    }

    @Test
    void saysWhereItStoodWhenTheServerStaysAway(NatsServer server, TestStream stream) {
        publish(stream, 0, 10);
        ConnectionSettings impatient =
                ConnectionSettings.of(server.url())
                        .withTimeouts(Timeouts.defaults().withOutage(Duration.ofSeconds(2)));
        try (ReadingThread reader =
                ReadingThread.start(impatient, ReadSettings.defaults(), server, stream)) {
            reader.awaitCount(10);
            server.kill();
            Throwable failure = reader.awaitFailure();
            assertThat(failure)
                    .isInstanceOf(NatsFailure.class)
                    .hasMessageContaining(stream.name())
                    .hasMessageContaining(server.url())
                    .hasMessageContaining("at sequence 11")
                    .hasMessageContaining("'nats.outage-timeout'");
            assertThat(((NatsFailure) failure).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        } finally {
            server.restart();
        }
    }

    @Test
    void failsWhenTheStreamWasMadeAnew(NatsServer server, TestStream stream) throws Exception {
        publish(stream, 0, 10);
        try (ReadingThread reader = ReadingThread.start(server.url(), server, stream)) {
            reader.awaitCount(10);
            io.nats.client.api.StreamConfiguration same = stream.info().getConfiguration();
            stream.management().deleteStream(stream.name());
            stream.management().addStream(same);
            publish(stream, 0, 20);
            Throwable failure = reader.awaitFailure();
            assertThat(failure)
                    .hasMessageContaining("the stream was made again")
                    .hasMessageContaining("sequence 11");
            assertThat(((NatsFailure) failure).kind()).isEqualTo(FailureKind.DATA_LOSS);
        }
    }

    @Test
    void aBlockedPipelineHoldsNoMoreThanItsCredits(NatsServer server, TestStream stream) {
        publish(stream, 0, HALF);
        ReadSettings small = ReadSettings.defaults().withMaxMessages(1_000);
        try (FaultProxy proxy = FaultProxy.start(server);
                ReadingThread reader =
                        ReadingThread.start(
                                ConnectionSettings.of(proxy.url()), small, server, stream)) {
            reader.awaitCount(1);
            reader.block(true);
            // Longer than a pull lives and a server waits for a silent client.
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            Await.until(
                    "a minute has passed", Duration.ofSeconds(75), () -> System.nanoTime() > until);
            int taken = reader.count();
            assertThat(proxy.frames(FROM_SERVER, "MSG") - taken)
                    .as("messages on the client's side")
                    .isLessThanOrEqualTo(1_500);
            long resumed = System.nanoTime();
            reader.block(false);
            reader.awaitCount(taken + 1_001);
            assertThat(Duration.ofNanos(System.nanoTime() - resumed))
                    .isLessThan(Duration.ofSeconds(1));
            reader.awaitCount(HALF);
            assertThat(reader.read()).isEqualTo(messages(HALF));
        }
    }

    @Test
    void readsMessagesLargerThanTheByteCredit(NatsServer server, TestStream stream) {
        String large = "x".repeat(700_000);
        stream.publish("a", "m0");
        stream.publish("a", large);
        stream.publish("a", "m2");
        ReadSettings tiny = ReadSettings.defaults().withMaxBytes(1_024);
        try (ReadingThread reader =
                ReadingThread.start(ConnectionSettings.of(server.url()), tiny, server, stream)) {
            reader.awaitCount(3);
            assertThat(reader.read()).containsExactly("m0", large, "m2");
        }
    }

    @Test
    void closesQuicklyInEveryState(NatsServer server, TestStream stream) {
        publish(stream, 0, HALF);
        ReadingThread reading = ReadingThread.start(server.url(), server, stream);
        reading.awaitCount(10);
        assertThat(reading.timedClose()).isLessThan(CLOSE_LIMIT);

        // Nobody answers at this address: the connection never comes about.
        ReadingThread connecting = ReadingThread.start("nats://127.0.0.1:1", server, stream);
        assertThat(connecting.timedClose()).isLessThan(CLOSE_LIMIT);

        ReadingThread paused = ReadingThread.start(server.url(), server, stream);
        paused.awaitCount(HALF);
        server.pause();
        assertThat(paused.timedClose()).isLessThan(CLOSE_LIMIT);
        server.resume();

        ReadingThread orphaned = ReadingThread.start(server.url(), server, stream);
        orphaned.awaitCount(HALF);
        server.kill();
        assertThat(orphaned.timedClose()).isLessThan(CLOSE_LIMIT);
        server.restart();
    }

    @Test
    void fiftyReadersLeaveNothing(NatsServer server, TestStream stream) {
        publish(stream, 0, 100);
        for (int i = 0; i < 50; i++) {
            try (ReadingThread reader = ReadingThread.start(server.url(), server, stream)) {
                reader.awaitCount(100);
            }
        }
        // The fixture fails the test when a connection, a consumer or a thread is left.
        assertThat(stream.lastSequence()).isEqualTo(100);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Writing exactly once to streams that delete what is consumed, and that nobody may read for it.
 */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlExactlyOnceQueueITCase {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String CONSUMER = "worker";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @TempDir Path directory;

    private SqlCopies copies;

    @BeforeEach
    void copies() {
        copies = new SqlCopies(directory);
    }

    private static TestStream queue(
            NatsServer server, RetentionPolicy retention, boolean atomic, Duration window) {
        TestStream stream =
                TestStream.create(
                        server,
                        builder -> {
                            builder.retentionPolicy(retention).duplicateWindow(window);
                            if (atomic) {
                                builder.allowAtomicPublish();
                            }
                        });
        stream.addConsumer(
                ConsumerConfiguration.builder()
                        .durable(CONSUMER)
                        .ackPolicy(AckPolicy.Explicit)
                        .build());
        return stream;
    }

    static Stream<Arguments> queues() {
        return Stream.of(RetentionPolicy.WorkQueue, RetentionPolicy.Interest)
                .flatMap(
                        retention ->
                                Stream.of(true, false)
                                        .map(atomic -> Arguments.of(retention, atomic)));
    }

    /** Takes messages for good until there are so many, and whatever is there then. */
    private static List<String> consume(NatsServer server, TestStream queue, int atLeast)
            throws Exception {
        List<String> taken = new ArrayList<>();
        try (Connection connection = Nats.connect(server.url())) {
            JetStreamSubscription subscription =
                    connection
                            .jetStream()
                            .subscribe(null, PullSubscribeOptions.bind(queue.name(), CONSUMER));
            Await.until(
                    atLeast + " messages to consume, and no more",
                    LIMIT,
                    () -> {
                        List<Message> some = subscription.fetch(1_000, Duration.ofMillis(100));
                        for (Message message : some) {
                            message.ackSync(LIMIT);
                            taken.add(new String(message.getData(), StandardCharsets.UTF_8));
                        }
                        return taken.size() >= atLeast && some.isEmpty();
                    },
                    () -> taken.size() + " consumed");
        }
        return taken;
    }

    private static List<String> numbers(int from, int to) {
        return SqlSinkITCase.payloads(from, to);
    }

    private static String to(TestStream queue, String url) {
        return SqlFixture.from(url, queue.subject("a"));
    }

    @ParameterizedTest
    @MethodSource("queues")
    void connectionsBreakWhileMessagesAreTaken(
            RetentionPolicy retention, boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        TestStream queue = queue(server, retention, atomic, Duration.ofMinutes(2));
        SqlCopies.publish(input, 1, 20_000);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            for (int sent : new int[] {1, 500, 1_300, 5_000, 12_000}) {
                proxy.on(Direction.FROM_CLIENT, "PUB", queue.prefix(), sent).cut();
            }
            copies.copy(sql, server, input, to(queue, proxy.url()), 1);
            assertThat(consume(server, queue, 20_000)).isEqualTo(numbers(1, 20_000));
            assertThat(proxy.frames(Direction.FROM_CLIENT, "PUB")).isGreaterThan(20_000);
        }
    }

    /** All messages were stored and taken before the job comes back. */
    @ParameterizedTest
    @MethodSource("queues")
    void trustsTheDuplicateWindow(
            RetentionPolicy retention, boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        TestStream queue = queue(server, retention, atomic, Duration.ofMinutes(2));
        String state = copies.killedBeforeTheAnswers(sql, server, input, queue, 1);
        assertThat(consume(server, queue, SqlCopies.ROWS)).isEqualTo(numbers(1, SqlCopies.ROWS));
        copies.copy(savepoints.restore(state), server, input, to(queue, server.url()), 1);
        SqlCopies.publish(input, SqlCopies.ROWS + 1, SqlCopies.ROWS + 10);
        assertThat(consume(server, queue, 10))
                .isEqualTo(numbers(SqlCopies.ROWS + 1, SqlCopies.ROWS + 10));
    }

    /** The stream has grown, but the window is over: the ids are forgotten. */
    @ParameterizedTest
    @MethodSource("queues")
    void saysThatTheWindowHasPassed(
            RetentionPolicy retention, boolean atomic, NatsServer server, TestStream input)
            throws Exception {
        TestStream queue = queue(server, retention, atomic, Duration.ofMillis(100));
        String state = copies.killedBeforeTheAnswers(sql, server, input, queue, 1);
        assertThat(consume(server, queue, SqlCopies.ROWS)).isEqualTo(numbers(1, SqlCopies.ROWS));
        assertThat(copies.failure(savepoints.restore(state), server, input, queue))
                .contains(
                        "Cannot tell whether a checkpoint was committed to stream "
                                + queue.name()
                                + " on "
                                + server.url()
                                + ", because it has grown since sequence 0, deletes what is"
                                + " consumed, and does not remember messages for longer than its"
                                + " 'duplicate_window' of 100 ms.");
        assertThat(queue.lastSequence()).isEqualTo(SqlCopies.ROWS);
    }

    /** Nothing was stored, which the stream's last sequence tells at any time. */
    @ParameterizedTest
    @EnumSource(
            value = RetentionPolicy.class,
            names = {"WorkQueue", "Interest"})
    void writesMuchLaterWhatWasNeverSent(
            RetentionPolicy retention, NatsServer server, TestStream input) throws Exception {
        TestStream queue = queue(server, retention, true, Duration.ofMillis(100));
        String state = copies.killedWhenMessagesAreSent(0, sql, server, input, queue);
        copies.copy(savepoints.restore(state), server, input, to(queue, server.url()), 1);
        assertThat(consume(server, queue, SqlCopies.ROWS)).isEqualTo(numbers(1, SqlCopies.ROWS));
    }
}

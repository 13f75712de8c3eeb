// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Taking over from a reader that acknowledges. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class ConsumerStartITCase {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    private static List<String> read(NatsServer server, TestStream stream, String consumer)
            throws Exception {
        NatsSource<String> source =
                NatsSource.<String>builder()
                        .setConnection(ConnectionSettings.of(server.url()))
                        .setStream(stream.name())
                        .setStart(StartPosition.consumer(consumer))
                        .setStop(StopPosition.latest())
                        .setValueOnlyDeserializer(new SimpleStringSchema())
                        .build();
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        List<String> read = new ArrayList<>();
        try (CloseableIterator<String> records =
                env.fromSource(source, WatermarkStrategy.noWatermarks(), "NATS")
                        .setParallelism(1)
                        .executeAndCollect()) {
            records.forEachRemaining(read::add);
        }
        return read;
    }

    @Test
    void goesOnBehindWhatTheConsumerHasAcknowledged(NatsServer server, TestStream stream)
            throws Exception {
        stream.publishMany("a", 0, 10, i -> "m" + i);
        stream.addConsumer(
                ConsumerConfiguration.builder()
                        .durable("old-reader")
                        .ackPolicy(AckPolicy.Explicit)
                        .build());
        assertThat(read(server, stream, "old-reader")).hasSize(10).startsWith("m0");

        try (io.nats.client.Connection connection = server.connect()) {
            JetStreamSubscription subscription =
                    connection
                            .jetStream()
                            .subscribe(
                                    null, PullSubscribeOptions.bind(stream.name(), "old-reader"));
            List<Message> messages = subscription.fetch(6, Duration.ofSeconds(10));
            // The fifth is not acknowledged, so it has to be read again.
            for (int i : new int[] {0, 1, 2, 3, 5}) {
                messages.get(i).ackSync(Duration.ofSeconds(10));
            }
        }
        assertThat(read(server, stream, "old-reader"))
                .containsExactly("m4", "m5", "m6", "m7", "m8", "m9");
    }

    @Test
    void saysWhyAConsumerGivesNoStart(NatsServer server, TestStream stream) {
        stream.publish("a", "m");
        stream.addConsumer(
                ConsumerConfiguration.builder()
                        .durable("silent")
                        .ackPolicy(AckPolicy.None)
                        .build());

        assertThatThrownBy(() -> read(server, stream, "silent"))
                .hasStackTraceContaining("Cannot start where consumer silent of stream")
                .hasStackTraceContaining("'scan.startup.mode'");
        assertThatThrownBy(() -> read(server, stream, "nobody"))
                .hasStackTraceContaining("Cannot look up consumer nobody of stream")
                .hasStackTraceContaining("consumer not found");
    }
}

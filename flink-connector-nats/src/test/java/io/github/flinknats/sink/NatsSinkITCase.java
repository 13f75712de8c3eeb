// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.Headers;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.record.OutgoingRecord;
import io.github.flinknats.sink.config.FlushSettings;
import io.github.flinknats.sink.config.WriteSettings;
import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sink in DataStream jobs. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class NatsSinkITCase {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    /** Writes "key value" to the key's subject; "-" for nothing, "!" for what cannot be written. */
    private static final class KeyedSerializer implements NatsRecordSerializer<String> {
        private static final long serialVersionUID = 1L;

        private final String prefix;
        private transient boolean opened;

        KeyedSerializer(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public void open(SerializationSchema.InitializationContext context) {
            opened = context.getMetricGroup() != null;
        }

        @Override
        public @Nullable OutgoingRecord serialize(String element) throws IOException {
            if (!opened) {
                throw new IOException("It was not opened.");
            }
            if (element.equals("-")) {
                return null;
            }
            if (element.equals("!")) {
                throw new IOException("The element makes no sense.");
            }
            String[] parts = element.split(" ", 2);
            return OutgoingRecord.of(
                            prefix + "." + parts[0], parts[1].getBytes(StandardCharsets.UTF_8))
                    .withHeaders(Headers.of(Map.of("h", List.of("1", "2"))))
                    .withMessageId(parts[1].startsWith("id") ? parts[1] : null);
        }
    }

    private static void run(NatsSink<String> sink, String... elements) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        env.fromData(elements).sinkTo(sink);
        env.execute();
    }

    private static NatsSinkBuilder<String> builder(NatsServer server, TestStream stream) {
        return NatsSink.<String>builder()
                .setConnection(ConnectionSettings.of(server.url()))
                .setSerializer(new KeyedSerializer(stream.prefix()));
    }

    private static List<String> lines(TestStream stream) {
        List<String> lines = new ArrayList<>();
        for (MessageInfo message : stream.messages()) {
            lines.add(
                    message.getSubject().substring(stream.prefix().length() + 1)
                            + " "
                            + new String(message.getData(), StandardCharsets.UTF_8)
                            + " "
                            + message.getHeaders().get("h"));
        }
        return lines;
    }

    @Test
    void writesWhatTheSerializerMakes(NatsServer server, TestStream stream) throws Exception {
        run(builder(server, stream).build(), "a 1", "-", "b id1", "a 2", "c id1");
        assertThat(lines(stream)).containsExactly("a 1 [1, 2]", "b id1 [1, 2]", "a 2 [1, 2]");
    }

    @Test
    void writesValuesToOneSubject(NatsServer server, TestStream stream) throws Exception {
        run(
                NatsSink.<String>builder()
                        .setConnection(ConnectionSettings.of(server.url()))
                        .setValueOnlySerializer(stream.subject("a"), new SimpleStringSchema())
                        .build(),
                "1",
                "",
                "2");
        assertThat(stream.payloads()).containsExactly("1", "", "2");
    }

    @Test
    void keepsTheLastMessageOfEachSubjectBack(NatsServer server, TestStream stream)
            throws Exception {
        run(
                builder(server, stream)
                        .setWriteSettings(
                                WriteSettings.defaults()
                                        .withFlush(
                                                FlushSettings.off()
                                                        .withMaxRows(3)
                                                        .withInterval(Duration.ofHours(1))))
                        .build(),
                "a 1",
                "b 2",
                "a 3",
                "b 4",
                "c 5",
                "a 6",
                "b 7",
                "a 8");
        assertThat(lines(stream))
                .as("in the order of their last changes")
                .containsExactly(
                        "a 3 [1, 2]", "b 4 [1, 2]", "c 5 [1, 2]", "b 7 [1, 2]", "a 8 [1, 2]");
    }

    /** The extension looks for connections that are left; threads are counted here. */
    @ParameterizedTest
    @EnumSource(
            value = DeliveryGuarantee.class,
            names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
    void fiftyWritersLeaveNothing(DeliveryGuarantee guarantee, NatsServer server, TestStream stream)
            throws Exception {
        NatsSinkBuilder<String> builder = builder(server, stream).setDeliveryGuarantee(guarantee);
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            builder.setSinkId("fifty");
        }
        for (int i = 0; i < 50; i++) {
            run(builder.build(), "a " + i);
        }
        assertThat(stream.lastSequence()).isEqualTo(50);
        assertThat(server.connections()).noneMatch(name -> name.contains("flink"));
        Await.until(
                "no thread is left",
                Duration.ofSeconds(5),
                () ->
                        Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(thread -> thread.getName().startsWith("flink-nats")));
        assertThat(server.consumers()).isEmpty();
    }

    @Test
    void closesTheConnectionOfAWriterThatFails(NatsServer server, TestStream stream) {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> run(builder(server, stream).build(), "a 1", "!"))
                    .isInstanceOf(Exception.class);
        }
        Await.until(
                "no publisher is left",
                Duration.ofSeconds(5),
                () ->
                        Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(
                                        thread -> thread.getName().equals("flink-nats-publish")));
    }

    @Test
    void saysWhatTheSerializerSays(NatsServer server, TestStream stream) {
        assertThatThrownBy(() -> run(builder(server, stream).build(), "a 1", "!"))
                .hasStackTraceContaining(
                        "Cannot write a record, because the element makes no sense.");
    }

    @Test
    void saysThatTheSerializerCannotBeOpened(NatsServer server) {
        NatsSink<String> sink =
                NatsSink.<String>builder()
                        .setConnection(ConnectionSettings.of(server.url()))
                        .setSerializer(new Unopenable())
                        .build();
        assertThatThrownBy(() -> run(sink, "a 1"))
                .hasStackTraceContaining(
                        "The serializer cannot be opened: java.lang.Exception: no dictionary");
    }

    /** As user code may be. */
    private static final class Unopenable implements NatsRecordSerializer<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public void open(SerializationSchema.InitializationContext context) throws Exception {
            throw new Exception("no dictionary");
        }

        @Override
        public OutgoingRecord serialize(String element) {
            return OutgoingRecord.of("a", new byte[0]);
        }
    }

    @Test
    void refusesASubjectOfTheServersOwn(NatsServer server, TestStream stream) {
        NatsSink<String> sink =
                builder(server, stream).setSerializer(new KeyedSerializer("$JS.API")).build();
        assertThatThrownBy(() -> run(sink, "INFO x"))
                .hasStackTraceContaining("The subject '$JS.API.INFO' is one of the server's own.");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.ServerList;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.record.OutgoingRecord;
import io.github.flinknats.sink.NatsSink;
import io.github.flinknats.sink.NatsSinkBuilder;
import io.github.flinknats.source.NatsSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatsLineageTest {
    private static final List<String> NONE = Collections.emptyList();

    private final NatsLineage lineage =
            NatsLineage.at(
                    ConnectionSettings.of("nats://me:s3cret@h1,h2:4223").withApiPrefix("JS.A.API"));

    private static List<String> told(LineageVertex vertex) {
        return LineageRecorder.told(vertex);
    }

    @Test
    void namesStreamsAndSubjects() {
        assertThat(
                        told(
                                lineage.source(
                                        Arrays.asList("A", "B"),
                                        Arrays.asList("a.>", "b"),
                                        Boundedness.CONTINUOUS_UNBOUNDED)))
                .extracting(line -> line.split(" \\| ")[1])
                .containsExactly("A/a.>", "A/b", "B/a.>", "B/b");
    }

    @Test
    void tellsWhatItIsTold() {
        lineage.with(NatsLineage.Key.START, "earliest");

        assertThat(told(lineage.source(Collections.singletonList("A"), NONE, Boundedness.BOUNDED)))
                .containsExactly(
                        "nats://h1:4222 | A | nats{nats.stream=A, nats.api-prefix=JS.A.API,"
                                + " scan.startup=earliest} BOUNDED");
        assertThat(told(lineage.source(NONE, Collections.singletonList("a"), Boundedness.BOUNDED)))
                .containsExactly(
                        "nats://h1:4222 | a | nats{nats.subject=a, nats.api-prefix=JS.A.API,"
                                + " scan.startup=earliest} BOUNDED");
    }

    @Test
    void tellsWhatIsWritten() {
        assertThat(told(lineage.sink("orders.{id}")))
                .containsExactly(
                        "nats://h1:4222 | orders.{id} | nats{nats.subject=orders.{id},"
                                + " nats.api-prefix=JS.A.API}");
        assertThat(told(lineage.sink("")))
                .containsExactly(
                        "nats://h1:4222 | > | nats{nats.subject=>, nats.api-prefix=JS.A.API}");
    }

    @ParameterizedTest
    @CsvSource({
        "h, h:4222",
        "nats://u:p@h:1, h:1",
        "tls://h, h:4222",
        "ws://h, h:80",
        "wss://h, h:443",
        "'h1:1,h2:2', h1:1",
        "nats://[::1]:5, [::1]:5"
    })
    void takesTheFirstServer(String servers, String address) {
        assertThat(ServerList.parse(servers).address()).isEqualTo(address);
    }

    /** Flink may write its graph into files. */
    @Test
    void canBeSerialized() throws Exception {
        LineageVertex vertex = lineage.sink("a");

        assertThat(InstantiationUtil.clone((java.io.Serializable) vertex).toString())
                .isEqualTo(vertex.toString());
    }

    @Test
    void isToldByTheSource() {
        NatsSource<String> source =
                NatsSource.<String>builder()
                        .setConnection(ConnectionSettings.of("h"))
                        .setStreams(Collections.singletonList("ORDERS"))
                        .setSubjects("orders.>")
                        .setValueOnlyDeserializer(new SimpleStringSchema())
                        .build();

        assertThat(told(source.getLineageVertex()))
                .containsExactly(
                        "nats://h:4222 | ORDERS/orders.> | nats{nats.stream=ORDERS,"
                                + " nats.subject=orders.>, nats.api-prefix=$JS.API,"
                                + " scan.startup=earliest, scan.bounded=never,"
                                + " scan.ordering=filter} CONTINUOUS_UNBOUNDED");
    }

    @Test
    void isToldByTheSink() {
        NatsSinkBuilder<String> builder =
                NatsSink.<String>builder().setConnection(ConnectionSettings.of("h"));

        assertThat(
                        told(
                                builder.setValueOnlySerializer(
                                                "orders.new", new SimpleStringSchema())
                                        .build()
                                        .getLineageVertex()))
                .containsExactly(
                        "nats://h:4222 | orders.new | nats{nats.subject=orders.new,"
                                + " nats.api-prefix=$JS.API, sink.delivery-guarantee=at-least-once}");
        NatsRecordSerializer<String> toAny = text -> OutgoingRecord.of(text, new byte[0]);
        assertThat(told(builder.setSerializer(toAny).build().getLineageVertex()))
                .containsExactly(
                        "nats://h:4222 | > | nats{nats.subject=>, nats.api-prefix=$JS.API,"
                                + " sink.delivery-guarantee=at-least-once}");
    }
}

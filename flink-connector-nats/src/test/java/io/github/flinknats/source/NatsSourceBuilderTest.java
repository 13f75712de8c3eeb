// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.source.config.BadRecordPolicy;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.config.StopPosition;
import java.util.List;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.connector.source.Boundedness;
import org.junit.jupiter.api.Test;

class NatsSourceBuilderTest {

    private static NatsSourceBuilder<String> builder(String deadLetters) {
        return NatsSource.<String>builder()
                .setConnection(ConnectionSettings.of("localhost:4222"))
                .setSubjects("orders.>")
                .setReadSettings(
                        ReadSettings.defaults()
                                .withBadRecords(BadRecordPolicy.deadLetter(deadLetters)))
                .setValueOnlyDeserializer(new SimpleStringSchema());
    }

    @Test
    void refusesToReadItsOwnDeadLetters() {
        assertThatThrownBy(() -> builder("orders.dead").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Bad records sent to 'orders.dead' would be read again for ever: choose"
                                + " another subject in the policy given to setReadSettings, or"
                                + " other ones in setSubjects.");
        assertThatCode(() -> builder("dead.orders").build()).doesNotThrowAnyException();
    }

    @Test
    void namesTheSetterThatIsMissing() {
        assertThatThrownBy(() -> NatsSource.builder().build())
                .hasMessage("Call setConnection before build: it is required.");
        assertThatThrownBy(
                        () ->
                                NatsSource.<String>builder()
                                        .setConnection(ConnectionSettings.of("localhost:4222"))
                                        .setValueOnlyDeserializer(new SimpleStringSchema())
                                        .build())
                .hasMessage("Call setStream or setSubjects: nothing to read.");
    }

    private static NatsSourceBuilder<String> durable() {
        return NatsSource.<String>builder()
                .setConnection(ConnectionSettings.of("localhost:4222"))
                .setSubjects("tasks.>")
                .setDurableConsumer(DurableConsumer.named("d").createdIfMissing())
                .setValueOnlyDeserializer(new SimpleStringSchema());
    }

    @Test
    void refusesADurableConsumerOfSeveralStreams() {
        assertThatThrownBy(() -> durable().setStreams(List.of("A", "B")).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "A durable consumer belongs to one stream: call setDurableConsumer with one"
                                + " stream only.");
        assertThatThrownBy(() -> StopPosition.never().orAfterRows(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("At least one record must be read, not 0");
    }

    @Test
    void readsThroughADurableConsumerWithoutEnd() {
        assertThat(durable().build().getBoundedness()).isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
        assertThatThrownBy(() -> durable().setStop(StopPosition.latest()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Call either setDurableConsumer or setStop: what is read by acknowledging"
                                + " may be delivered again at any time, so it has no end.");
    }

    @Test
    void refusesNamesThatJetStreamRefuses() {
        assertThatThrownBy(() -> DurableConsumer.named("a.b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.b");
    }
}

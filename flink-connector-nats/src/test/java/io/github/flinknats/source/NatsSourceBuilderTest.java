// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.config.StopPosition;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.connector.source.Boundedness;
import org.junit.jupiter.api.Test;

class NatsSourceBuilderTest {
    private final NatsSourceBuilder<String> builder =
            NatsSource.<String>builder()
                    .setConnection(ConnectionSettings.of("localhost:4222"))
                    .setSubjects("tasks.>")
                    .setDurableConsumer(DurableConsumer.named("d").createdIfMissing())
                    .setValueOnlyDeserializer(new SimpleStringSchema());

    @Test
    void readsThroughADurableConsumerWithoutEnd() {
        assertThat(builder.build().getBoundedness()).isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
        assertThatThrownBy(() -> builder.setStop(StopPosition.latest()).build())
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

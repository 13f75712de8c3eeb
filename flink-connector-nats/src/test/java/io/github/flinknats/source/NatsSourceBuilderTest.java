// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.source.config.BadRecordPolicy;
import io.github.flinknats.source.config.ReadSettings;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
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
}

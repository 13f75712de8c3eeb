// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class NatsSinkBuilderTest {
    private static NatsSinkBuilder<String> builder() {
        return NatsSink.<String>builder().setConnection(ConnectionSettings.of("h"));
    }

    @Test
    void namesTheSetterThatIsMissing() {
        assertThatThrownBy(() -> NatsSink.<String>builder().build())
                .hasMessage("Call setConnection before build: it is required.");
        assertThatThrownBy(() -> builder().build())
                .hasMessage("Call setSerializer before build: it is required.");
    }

    @Test
    void refusesWhatIsNotTheSubjectOfAMessage() {
        assertThatThrownBy(() -> builder().setValueOnlySerializer("a.*", new SimpleStringSchema()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The subject 'a.*' has a wildcard, and a message has one subject.");
    }

    @Test
    void refusesWhatItDoesNotPromise() {
        assertThatThrownBy(() -> builder().setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("This version does not write exactly once: ");
    }

    @Test
    void makesASinkThatTravels() throws Exception {
        NatsSink<String> sink =
                builder().setValueOnlySerializer("a", new SimpleStringSchema()).build();

        assertThat(InstantiationUtil.isSerializable(sink)).isTrue();
    }
}

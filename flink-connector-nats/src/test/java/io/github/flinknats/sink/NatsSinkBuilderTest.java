// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
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
    void refusesWhatDoesNotGoTogether() {
        NatsSinkBuilder<String> complete =
                builder().setValueOnlySerializer("a", new SimpleStringSchema());
        complete.setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE);
        assertThatThrownBy(complete::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Check setSinkId and setDeliveryGuarantee: writing exactly once needs a"
                                + " sink id: a name that the sink keeps when the job restarts, and"
                                + " that no other job has.");
        complete.setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE).setSinkId("a");
        assertThatThrownBy(complete::build)
                .hasMessage(
                        "Check setSinkId and setDeliveryGuarantee: a sink id means nothing unless"
                                + " writing is exactly once.");
        assertThatThrownBy(() -> builder().setSinkId("a b"))
                .hasMessage(
                        "A sink id has 1 to 32 letters (a to z, A to Z), digits, '-' and '_',"
                                + " unlike 'a b'.");
    }

    @Test
    void makesASinkThatTravels() throws Exception {
        NatsSink<String> sink =
                builder().setValueOnlySerializer("a", new SimpleStringSchema()).build();

        assertThat(InstantiationUtil.isSerializable(sink)).isTrue();
    }

    @Test
    void makesASinkOfCommitsThatTravels() throws Exception {
        NatsSink<String> sink =
                builder()
                        .setValueOnlySerializer("a", new SimpleStringSchema())
                        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                        .setSinkId("orders")
                        .build();

        assertThat(sink).isInstanceOf(SupportsCommitter.class);
        assertThat(InstantiationUtil.isSerializable(sink)).isTrue();
    }
}

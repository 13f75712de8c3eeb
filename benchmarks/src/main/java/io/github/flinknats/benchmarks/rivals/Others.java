// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks.rivals;

import io.github.flinknats.benchmarks.OtherConnectors;
import io.github.flinknats.benchmarks.WriteRival;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** Synadia's connector, and Kafka with a broker. */
public final class Others implements OtherConnectors {
    @Override
    public List<WriteRival> start(Path checkpoints) {
        KafkaBroker broker = new KafkaBroker();
        return List.of(
                new SynadiaWrite(checkpoints),
                new KafkaWrite(checkpoints, DeliveryGuarantee.AT_LEAST_ONCE, broker),
                new KafkaWrite(checkpoints, DeliveryGuarantee.EXACTLY_ONCE, broker));
    }
}

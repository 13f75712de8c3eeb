// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks.rivals;

import io.github.flinknats.benchmarks.SinkWrite;
import io.github.flinknats.benchmarks.WriteRival;
import io.github.flinknats.benchmarks.WriteRun;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;

/** Flink's Kafka sink with its defaults, in the same job, to a broker of its own. */
public final class KafkaWrite implements WriteRival {
    private final Path checkpoints;
    private final DeliveryGuarantee guarantee;
    private final KafkaBroker broker;

    KafkaWrite(Path checkpoints, DeliveryGuarantee guarantee, KafkaBroker broker) {
        this.checkpoints = checkpoints;
        this.guarantee = guarantee;
        this.broker = broker;
    }

    @Override
    public String name() {
        return "Kafka sink, " + guarantee.toString().replace('-', ' ');
    }

    @Override
    public void write(WriteRun run) throws Exception {
        String topic = broker.newTopic();
        run.countBy(() -> broker.end(topic, guarantee == DeliveryGuarantee.EXACTLY_ONCE));
        SinkWrite.execute(
                run,
                checkpoints,
                KafkaSink.<Long>builder()
                        .setBootstrapServers(broker.address())
                        .setDeliveryGuarantee(guarantee)
                        .setTransactionalIdPrefix(topic)
                        .setProperty("transaction.timeout.ms", "600000")
                        .setRecordSerializer(
                                KafkaRecordSerializationSchema.<Long>builder()
                                        .setTopic(topic)
                                        .setValueSerializationSchema(new Ready())
                                        .build())
                        .build());
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }

    private static final class Ready implements SerializationSchema<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] serialize(Long number) {
            return WriteRun.current().payload(number);
        }
    }
}

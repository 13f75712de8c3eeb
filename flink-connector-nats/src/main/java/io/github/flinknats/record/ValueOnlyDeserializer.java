// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import java.io.IOException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.Collector;

/** Hands the payload to a Flink schema and ignores the rest of the message. */
@Internal
final class ValueOnlyDeserializer<T> implements NatsRecordDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final DeserializationSchema<T> schema;

    ValueOnlyDeserializer(DeserializationSchema<T> schema) {
        this.schema = schema;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) throws Exception {
        schema.open(context);
    }

    @Override
    public void deserialize(NatsRecord message, Collector<T> out) throws IOException {
        schema.deserialize(message.payload(), out);
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return schema.getProducedType();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.serialization.SerializationSchema;

/** Has a Flink schema make the payload. */
@Internal
final class ValueOnlySerializer<T> implements NatsRecordSerializer<T> {
    private static final long serialVersionUID = 1L;

    private final String subject;
    private final SerializationSchema<T> schema;

    ValueOnlySerializer(String subject, SerializationSchema<T> schema) {
        this.subject = subject;
        this.schema = schema;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context) throws Exception {
        schema.open(context);
    }

    @Override
    public OutgoingRecord serialize(T element) {
        return OutgoingRecord.of(subject, schema.serialize(element));
    }
}

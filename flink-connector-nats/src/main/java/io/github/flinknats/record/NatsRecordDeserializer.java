// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.util.Collector;

/**
 * Turns one message into any number of records. Runs on the task thread.
 *
 * @param <T> type of the records
 */
@PublicEvolving
public interface NatsRecordDeserializer<T> extends Serializable, ResultTypeQueryable<T> {

    /**
     * Called once per subtask before the first message.
     *
     * @param context metrics and the user code class loader
     */
    default void open(DeserializationSchema.InitializationContext context) throws Exception {}

    /**
     * Emits the records of a message; none is allowed. They share the message's position: after a
     * failure either all or none of them are emitted again.
     *
     * <p>A message that cannot be decoded may be passed over, as the source's policy for bad
     * records says. Emit nothing of it before it is clear that all of it can be decoded: what was
     * emitted stays emitted.
     *
     * @throws IOException when the message cannot be decoded
     */
    void deserialize(NatsRecord message, Collector<T> out) throws IOException;

    /** Decodes the payload alone, by one of Flink's own schemas. */
    static <T> NatsRecordDeserializer<T> valueOnly(DeserializationSchema<T> schema) {
        return new ValueOnlyDeserializer<>(schema);
    }
}

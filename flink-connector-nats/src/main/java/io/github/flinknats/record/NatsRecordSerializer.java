// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record into a message. Runs on the task thread.
 *
 * @param <T> type of the records
 */
@PublicEvolving
public interface NatsRecordSerializer<T> extends Serializable {

    /**
     * Called once per subtask before the first record.
     *
     * @param context metrics and the user code class loader
     */
    default void open(SerializationSchema.InitializationContext context) throws Exception {}

    /**
     * The message of a record, or null to write none.
     *
     * @throws IOException when the record cannot be written; says why
     */
    @Nullable OutgoingRecord serialize(T element) throws IOException;

    /** Writes all records to one subject, with payloads made by one of Flink's own schemas. */
    static <T> NatsRecordSerializer<T> valueOnly(String subject, SerializationSchema<T> schema) {
        return new ValueOnlySerializer<>(subject, schema);
    }
}

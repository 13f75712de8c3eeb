// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.sink.config.WriteSettings;
import io.github.flinknats.subject.Subjects;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link NatsSink}. Required: a connection and a serializer.
 *
 * @param <T> type of the records
 */
@PublicEvolving
@OwnedBy(ThreadRole.PLAN)
public final class NatsSinkBuilder<T> {
    private @Nullable ConnectionSettings connection;
    private WriteSettings settings = WriteSettings.defaults();
    private @Nullable NatsRecordSerializer<T> serializer;
    private String subject = "";
    private boolean checkpointsRequired;

    NatsSinkBuilder() {}

    /** How to reach the server. Required. */
    public NatsSinkBuilder<T> setConnection(ConnectionSettings server) {
        this.connection = Objects.requireNonNull(server, "server");
        return this;
    }

    /** How to write: guarantee, limits, buffer. */
    public NatsSinkBuilder<T> setWriteSettings(WriteSettings all) {
        this.settings = Objects.requireNonNull(all, "all");
        return this;
    }

    /** The guarantee; default: at least once. */
    public NatsSinkBuilder<T> setDeliveryGuarantee(DeliveryGuarantee guarantee) {
        return setWriteSettings(settings.withGuarantee(Objects.requireNonNull(guarantee)));
    }

    /**
     * The sink's name across restarts: required to write exactly once. Two jobs that run at the
     * same time must not have the same.
     */
    public NatsSinkBuilder<T> setSinkId(String id) {
        return setWriteSettings(settings.withSinkId(Objects.requireNonNull(id, "id")));
    }

    /**
     * Refuses to write exactly once in a streaming job without checkpoints, where nothing is stored
     * before the end of the input.
     */
    public NatsSinkBuilder<T> requireCheckpoints() {
        this.checkpointsRequired = true;
        return this;
    }

    /** How records become messages. Required. */
    public NatsSinkBuilder<T> setSerializer(NatsRecordSerializer<T> recordSerializer) {
        return setSerializer("", recordSerializer);
    }

    /**
     * How records become messages.
     *
     * @param target the subject or template that all go to, as lineage shows it; empty for any
     */
    @Internal
    public NatsSinkBuilder<T> setSerializer(
            String target, NatsRecordSerializer<T> recordSerializer) {
        this.subject = Objects.requireNonNull(target, "target");
        this.serializer = Objects.requireNonNull(recordSerializer, "recordSerializer");
        return this;
    }

    /**
     * Writes all records to one subject, with payloads made by a Flink schema.
     *
     * @throws IllegalArgumentException when the text is not the subject of a message
     */
    public NatsSinkBuilder<T> setValueOnlySerializer(String target, SerializationSchema<T> schema) {
        String problem = Subjects.subjectProblem(target);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return setSerializer(target, NatsRecordSerializer.valueOnly(target, schema));
    }

    /**
     * Makes the sink.
     *
     * @throws IllegalStateException naming the setter that was not called, or that conflicts
     */
    public NatsSink<T> build() {
        ConnectionSettings server = required(connection, "setConnection");
        NatsRecordSerializer<T> records = required(serializer, "setSerializer");
        String conflict = settings.conflict();
        if (conflict != null) {
            throw new IllegalStateException(
                    "Check setSinkId and setDeliveryGuarantee: " + conflict + ".");
        }
        return settings.guarantee() == DeliveryGuarantee.EXACTLY_ONCE
                ? new CommittingNatsSink<>(server, settings, records, subject, checkpointsRequired)
                : new NatsSink<>(server, settings, records, subject);
    }

    private static <V> V required(@Nullable V value, String setter) {
        if (value == null) {
            throw new IllegalStateException("Call " + setter + " before build: it is required.");
        }
        return value;
    }
}

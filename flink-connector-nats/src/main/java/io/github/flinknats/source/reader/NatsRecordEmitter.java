// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.record.NatsRecordDeserializer;
import io.github.flinknats.source.cursor.MessageView;
import io.github.flinknats.source.split.NatsSplitState;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a message, emits them with the store time as their timestamp, and only then
 * moves the position: over a message that cannot be decoded, too, if the policy says so.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
final class NatsRecordEmitter<T> implements RecordEmitter<MessageView, T, NatsSplitState> {
    private final NatsRecordDeserializer<T> deserializer;
    private final BadRecords badRecords;
    private final ReaderBrake brake;
    private final RowLimit limit;
    private final Downstream<T> downstream;

    NatsRecordEmitter(
            NatsRecordDeserializer<T> deserializer,
            BadRecords badRecords,
            ReaderBrake brake,
            RowLimit limit) {
        this.deserializer = deserializer;
        this.badRecords = badRecords;
        this.brake = brake;
        this.limit = limit;
        this.downstream = new Downstream<>(limit);
    }

    ReaderBrake brake() {
        return brake;
    }

    RowLimit limit() {
        return limit;
    }

    @Override
    public void emitRecord(MessageView message, SourceOutput<T> output, NatsSplitState state)
            throws Exception {
        if (limit.isReached()) {
            return; // Nobody wants it, so it must not fail either.
        }
        downstream.to(output, message.timestampMillis());
        try {
            deserializer.deserialize(message, downstream);
        } catch (Exception e) {
            Exception foreign = downstream.failure;
            if (foreign != null) {
                throw foreign; // Not the message's fault: an operator behind the source failed.
            }
            badRecords.handle(message, e);
        }
        brake.onMessage();
        state.emitted(message.sequence(), message.timestampNanos());
    }

    /** Passes records on and remembers when that failed. */
    @OwnedBy(ThreadRole.TASK)
    private static final class Downstream<T> implements Collector<T> {
        private final RowLimit limit;
        private @Nullable SourceOutput<T> output;
        private long timestamp;
        private @Nullable Exception failure;

        Downstream(RowLimit limit) {
            this.limit = limit;
        }

        void to(SourceOutput<T> next, long millis) {
            output = next;
            timestamp = millis;
        }

        @Override
        public void collect(T record) {
            try {
                Objects.requireNonNull(output, "output").collect(record, timestamp);
                limit.count();
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void close() {}
    }
}

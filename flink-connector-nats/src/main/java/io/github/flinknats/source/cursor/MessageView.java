// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.record.Headers;
import io.github.flinknats.record.NatsRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.flink.annotation.Internal;

/** One entry of a {@link MessageBatch} as a deserializer sees it. */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class MessageView implements NatsRecord {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final MessageBatch batch;
    private int index;
    private byte[] subjectBytes = new byte[0];
    private String subject = "";

    MessageView(MessageBatch batch) {
        this.batch = batch;
    }

    MessageView at(int entry) {
        index = entry;
        return this;
    }

    @Override
    public byte[] payload() {
        return batch.message(index).payload();
    }

    @Override
    public String subject() {
        byte[] bytes = batch.message(index).subject();
        if (bytes != subjectBytes) { // Messages in a row share the bytes of their subject.
            subjectBytes = bytes;
            subject = new String(bytes, StandardCharsets.UTF_8);
        }
        return subject;
    }

    @Override
    public String stream() {
        return batch.stream();
    }

    @Override
    public long sequence() {
        return batch.message(index).streamSequence();
    }

    /** Store time in nanoseconds since the epoch. */
    public long timestampNanos() {
        return batch.message(index).timestampNanos();
    }

    @Override
    public Instant timestamp() {
        long nanos = timestampNanos();
        return Instant.ofEpochSecond(
                Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    @Override
    public long timestampMillis() {
        return Math.floorDiv(timestampNanos(), NANOS_PER_MILLI);
    }

    @Override
    public Headers headers() {
        return batch.message(index).block().headers();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.source.split.NatsSplit;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one split on their way to the task thread: filled on the fetcher thread, handed over
 * whole, read once.
 */
@Internal
@OwnedBy({ThreadRole.FETCHER, ThreadRole.TASK})
public final class MessageBatch {
    private static final int FIRST_SIZE = 64;

    private final String stream;
    private final int maxMessages;
    private final long maxBytes;
    private final @Nullable NatsSplit moved;

    private @Nullable Delivery[] messages = new Delivery[FIRST_SIZE];
    private int size;
    private long bytes;

    private final MessageView view = new MessageView(this);
    private int read;
    private @Nullable Runnable onFirstRead;

    /**
     * @param moved the split as it is from this batch on, when its stream has become another one
     */
    MessageBatch(String stream, int maxMessages, long maxBytes, @Nullable NatsSplit moved) {
        this.stream = stream;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.moved = moved;
    }

    /** Before any message of this batch, the split becomes this one; usually null. */
    public @Nullable NatsSplit moved() {
        return moved;
    }

    /** Whether there are messages, and not only a split that has moved. */
    public boolean hasMessages() {
        return size > 0;
    }

    /** Whether there is nothing to hand over. */
    boolean isEmpty() {
        return size == 0 && moved == null;
    }

    boolean isFull() {
        return size >= maxMessages || bytes >= maxBytes;
    }

    void add(Delivery message) {
        if (size == messages.length) {
            messages = Arrays.copyOf(messages, size * 2);
        }
        messages[size] = message;
        size++;
        bytes += message.bytes();
    }

    int size() {
        return size;
    }

    /** As the server counts them. */
    public long bytes() {
        return bytes;
    }

    /** Has somebody told, on the task thread, that it has begun to read. */
    void onFirstRead(Runnable listener) {
        onFirstRead = listener;
    }

    /**
     * When the last message was stored, in milliseconds since the epoch; a batch is never empty.
     */
    public long lastTimestampMillis() {
        return Math.floorDiv(message(size - 1).timestampNanos(), 1_000_000L);
    }

    /** The next message, or null when all have been read. The view is used again. */
    public @Nullable MessageView next() {
        Runnable listener = onFirstRead;
        if (listener != null) {
            onFirstRead = null;
            listener.run();
        }
        if (read > 0) {
            messages[read - 1] = null; // Read messages may go while the rest still waits.
        }
        return read < size ? view.at(read++) : null;
    }

    String stream() {
        return stream;
    }

    Delivery message(int index) {
        return Objects.requireNonNull(messages[index], "already read");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.publish.OutgoingMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the last message of each subject. A subject is in it once, so that the messages of a key
 * cannot change places; those of different keys leave in the order of their last change. It is full
 * when it holds enough subjects or, whatever the settings say, so many bytes that memory may
 * matter.
 */
@OwnedBy(ThreadRole.TASK)
final class UpsertBuffer {
    private static final long MOST_BYTES = 32L << 20;

    private final Map<String, OutgoingMessage> messages = new LinkedHashMap<>();
    private final int maxRows;
    private long bytes;

    /** An empty buffer that is full with so many rows. */
    UpsertBuffer(int maxRows) {
        this.maxRows = maxRows;
    }

    void put(OutgoingMessage message) {
        OutgoingMessage replaced = messages.remove(message.subject());
        if (replaced != null) {
            bytes -= replaced.bytes();
        }
        messages.put(message.subject(), message);
        bytes += message.bytes();
    }

    boolean isFull() {
        return messages.size() >= maxRows || bytes >= MOST_BYTES;
    }

    /** Hands out all messages and forgets them. */
    List<OutgoingMessage> drain() {
        List<OutgoingMessage> all = new ArrayList<>(messages.values());
        messages.clear();
        bytes = 0;
        return all;
    }
}

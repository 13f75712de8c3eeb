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
 * cannot change places; those of different keys leave in the order of their last change.
 */
@OwnedBy(ThreadRole.TASK)
final class UpsertBuffer {
    private final Map<String, OutgoingMessage> messages = new LinkedHashMap<>();

    void put(OutgoingMessage message) {
        messages.remove(message.subject());
        messages.put(message.subject(), message);
    }

    int size() {
        return messages.size();
    }

    /** Hands out all messages and forgets them. */
    List<OutgoingMessage> drain() {
        List<OutgoingMessage> all = new ArrayList<>(messages.values());
        messages.clear();
        return all;
    }
}

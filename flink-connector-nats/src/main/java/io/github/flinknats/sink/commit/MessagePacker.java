// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.publish.OutgoingMessage;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Internal;

/** Divides messages into packs, each small enough for an atomic batch, in order. */
@Internal
@OwnedBy(ThreadRole.ANY)
public final class MessagePacker {
    /** A server takes several times as much; a larger message is a pack of its own. */
    static final long MOST_BYTES = 4L << 20;

    private static final int FIRST_CAPACITY = 4 << 10;

    private List<PackedMessages> full = new ArrayList<>();
    private PackedMessages.Packing open = new PackedMessages.Packing(FIRST_CAPACITY);
    private long bytes;

    public void add(OutgoingMessage message) {
        boolean isFull =
                open.size() == BatchRules.MOST_MESSAGES
                        || (open.size() > 0 && bytes + message.bytes() > MOST_BYTES);
        if (isFull) {
            close();
        }
        open.add(message);
        bytes += message.bytes();
    }

    public boolean isEmpty() {
        return full.isEmpty() && open.size() == 0;
    }

    private void close() {
        PackedMessages packed = open.take();
        full.add(packed);
        // The next one will be like this one.
        open = new PackedMessages.Packing(packed.bytes() + packed.bytes() / 16);
        bytes = 0;
    }

    /** Hands out all packs and is empty again. */
    public List<PackedMessages> take() {
        if (open.size() > 0) {
            close();
        }
        List<PackedMessages> all = full;
        full = new ArrayList<>();
        return all;
    }
}

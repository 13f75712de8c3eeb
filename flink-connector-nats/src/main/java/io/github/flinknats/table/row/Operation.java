// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.record.NatsRecord;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What a message does to the value of its subject, as key-value buckets (ADR-8) and the markers of
 * the server (ADR-43) say it. A message that has a payload is a value, one that has none deletes.
 */
@Internal
public enum Operation {
    PUT,
    DEL,
    PURGE;

    /** How a bucket marks deletions. */
    public static final String KV_HEADER = "KV-Operation";

    /** How the server marks that the last message of a subject is gone. */
    public static final String MARKER_HEADER = "Nats-Marker-Reason";

    static Operation of(NatsRecord message) {
        if (message.payload().length > 0) {
            return PUT;
        }
        Operation marked = marked(message);
        return marked == null ? DEL : marked;
    }

    /** Whether the message says that there is no value, instead of only having none. */
    static boolean isMarker(NatsRecord message) {
        return message.payload().length == 0 && marked(message) != null;
    }

    private static @Nullable Operation marked(NatsRecord message) {
        String operation = message.headers().first(KV_HEADER);
        if (operation != null) {
            return operation.equals("DEL") ? DEL : operation.equals("PURGE") ? PURGE : null;
        }
        String reason = message.headers().first(MARKER_HEADER);
        return reason == null ? null : reason.equals("Remove") ? DEL : PURGE;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * One message of a stream, as a deserializer sees it. A view: valid during the call it is passed
 * to, not to be kept. Task thread.
 */
@PublicEvolving
public interface NatsRecord {

    /** The header by which JetStream recognises a repeated message. */
    String MESSAGE_ID_HEADER = "Nats-Msg-Id";

    /** The payload, empty when the message has none. Not copied: do not change it. */
    byte[] payload();

    /** The subject under which the stream stores the message. */
    String subject();

    /** The name of the stream. */
    String stream();

    /** The stream sequence: from 1, rising, with gaps where messages were deleted or filtered. */
    long sequence();

    /** When the server stored the message, to the nanosecond. */
    Instant timestamp();

    /** {@link #timestamp()} in milliseconds since the epoch, without making an object. */
    long timestampMillis();

    /** All stored headers, those of the server included; empty when there are none. */
    Headers headers();

    /** The value of {@code Nats-Msg-Id}, or null. */
    default @Nullable String messageId() {
        return headers().first(MESSAGE_ID_HEADER);
    }
}

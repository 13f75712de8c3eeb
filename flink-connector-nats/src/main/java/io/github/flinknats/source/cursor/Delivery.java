// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.Frame;
import io.github.flinknats.client.ReplySubject;
import io.github.flinknats.client.WideNames;
import io.github.flinknats.record.HeaderBlock;
import io.github.flinknats.record.Headers;
import io.nats.client.Message;
import io.nats.client.support.Status;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What came to a consumer's inbox: a message of its stream with its position, or something else
 * without one, such as a status. Immutable; what it was read from is not copied, and text is made
 * only where somebody asks for it.
 */
@Internal
final class Delivery {
    private static final byte[] EMPTY = new byte[0];

    private final byte[] subject;
    private final @Nullable Object headers; // The bytes as they were sent, or a HeaderBlock.
    private final byte[] payload;
    private final long bytes;

    private final long streamSequence;
    private final long consumerSequence;
    private final long timestampNanos;
    private final long pending;

    private Delivery(
            byte[] subject,
            @Nullable Object headers,
            byte[] payload,
            long bytes,
            @Nullable ReplySubject position) {
        this.subject = subject;
        this.headers = headers;
        this.payload = payload;
        this.bytes = bytes;
        this.streamSequence = position == null ? 0 : position.streamSequence();
        this.consumerSequence = position == null ? 0 : position.consumerSequence();
        this.timestampNanos = position == null ? 0 : position.timestampNanos();
        this.pending = position == null ? 0 : position.pending();
    }

    /**
     * From the wire.
     *
     * @param subject the frame's
     * @param reply what reads the frame's reply subject
     */
    static Delivery of(Frame frame, byte[] subject, ReplySubject reply) {
        boolean positioned = reply.parse(frame.line(), frame.replyStart(), frame.replyEnd());
        return new Delivery(
                subject,
                frame.headers(),
                frame.payload(),
                frame.bytes(),
                positioned ? reply : null);
    }

    /**
     * From the client, where frames do not come from the wire.
     *
     * @param stream whose message it is: its name tells how the client reads subjects
     * @param reply what reads the message's reply subject
     */
    static Delivery of(Message message, String stream, ReplySubject reply) {
        String replyTo = message.getReplyTo();
        byte[] data = message.getData();
        return new Delivery(
                message.getSubject()
                        .getBytes(
                                WideNames.isWide(stream)
                                        ? StandardCharsets.UTF_8
                                        : StandardCharsets.ISO_8859_1),
                block(message),
                data == null ? EMPTY : data,
                message.consumeByteCount(),
                replyTo != null && reply.parse(replyTo) ? reply : null);
    }

    private static HeaderBlock block(Message message) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        if (message.getHeaders() != null) {
            message.getHeaders().forEach(all::put);
        }
        Status status = message.isStatusMessage() ? message.getStatus() : null;
        return HeaderBlock.of(
                status == null ? 0 : status.getCode(),
                status == null ? "" : status.getMessage(),
                Headers.of(all));
    }

    /** Whether this is a message of the stream. */
    boolean isPositioned() {
        return streamSequence > 0;
    }

    /** In UTF-8. */
    byte[] subject() {
        return subject;
    }

    byte[] payload() {
        return payload;
    }

    /** The size as the server counts it. */
    long bytes() {
        return bytes;
    }

    long streamSequence() {
        return streamSequence;
    }

    long consumerSequence() {
        return consumerSequence;
    }

    /** Store time in nanoseconds since the epoch. */
    long timestampNanos() {
        return timestampNanos;
    }

    /** How many more messages the consumer has to deliver. */
    long pending() {
        return pending;
    }

    /**
     * The status and the headers.
     *
     * @throws IllegalArgumentException when what was sent is no header block
     */
    HeaderBlock block() {
        if (headers instanceof byte[]) {
            return HeaderBlock.parse((byte[]) headers);
        }
        return headers == null ? HeaderBlock.NONE : (HeaderBlock) headers;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.client.Frame;
import io.github.flinknats.client.ReplySubject;
import io.github.flinknats.record.HeaderBlock;
import io.github.flinknats.record.NatsRecord;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a scan of a stream gets: a message of the stream, whoever wrote it, or a status of the
 * server. Immutable.
 */
final class ScannedMessage {
    private final String subject;
    private final @Nullable String id;
    private final String status;
    private final long streamSequence;
    private final long consumerSequence;
    private final long pending;

    private ScannedMessage(
            String subject, @Nullable String id, String status, @Nullable ReplySubject position) {
        this.subject = subject;
        this.id = id;
        this.status = status;
        this.streamSequence = position == null ? 0 : position.streamSequence();
        this.consumerSequence = position == null ? 0 : position.consumerSequence();
        this.pending = position == null ? 0 : position.pending();
    }

    /** From the wire. */
    static ScannedMessage of(Frame frame, ReplySubject reply) {
        boolean positioned = reply.parse(frame.line(), frame.replyStart(), frame.replyEnd());
        HeaderBlock block = block(frame.headers());
        return new ScannedMessage(
                new String(
                        frame.line(),
                        frame.subjectStart(),
                        frame.subjectEnd() - frame.subjectStart(),
                        StandardCharsets.UTF_8),
                block.headers().first(NatsRecord.MESSAGE_ID_HEADER),
                block.code() + " " + block.text(),
                positioned ? reply : null);
    }

    /** Headers that nobody can read are not ours. */
    private static HeaderBlock block(byte @Nullable [] headers) {
        try {
            return headers == null ? HeaderBlock.NONE : HeaderBlock.parse(headers);
        } catch (IllegalArgumentException e) {
            return HeaderBlock.NONE;
        }
    }

    /** From the client, where it does not see what is taken off the wire. */
    static ScannedMessage of(Message message, ReplySubject reply) {
        String replyTo = message.getReplyTo();
        Headers headers = message.getHeaders();
        return new ScannedMessage(
                message.getSubject(),
                headers == null ? null : headers.getFirst(NatsRecord.MESSAGE_ID_HEADER),
                message.isStatusMessage()
                        ? message.getStatus().getCode() + " " + message.getStatus().getMessage()
                        : "0 ",
                replyTo != null && reply.parse(replyTo) ? reply : null);
    }

    /** Whether the server says something instead of a message. */
    boolean isStatus() {
        return streamSequence == 0;
    }

    /** The code and the words of a status. */
    String status() {
        return status;
    }

    String subject() {
        return subject;
    }

    /** The message's id, if it has one. */
    @Nullable String id() {
        return id;
    }

    long streamSequence() {
        return streamSequence;
    }

    long consumerSequence() {
        return consumerSequence;
    }

    /** How many more messages there are. */
    long pending() {
        return pending;
    }
}

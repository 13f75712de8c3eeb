// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import java.time.Duration;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/** A message to write. Each {@code with} method returns a copy; the payload is never copied. */
@PublicEvolving
public final class OutgoingRecord {
    private final String subject;
    private final byte[] payload;
    private final Headers headers;
    private final @Nullable String messageId;
    private final @Nullable Duration timeToLive;

    private OutgoingRecord(
            String subject,
            byte[] payload,
            Headers headers,
            @Nullable String messageId,
            @Nullable Duration timeToLive) {
        this.subject = subject;
        this.payload = payload;
        this.headers = headers;
        this.messageId = messageId;
        this.timeToLive = timeToLive;
    }

    /** A message without headers, id and time to live. */
    public static OutgoingRecord of(String subject, byte[] payload) {
        return new OutgoingRecord(
                Objects.requireNonNull(subject, "subject"),
                Objects.requireNonNull(payload, "payload"),
                Headers.empty(),
                null,
                null);
    }

    public OutgoingRecord withHeaders(Headers all) {
        return new OutgoingRecord(subject, payload, all, messageId, timeToLive);
    }

    /**
     * With an id: within its duplicate window, the stream drops a second message of the same id.
     */
    public OutgoingRecord withMessageId(@Nullable String id) {
        return new OutgoingRecord(subject, payload, headers, id, timeToLive);
    }

    /**
     * With a time after which the stream, if it allows that, deletes the message.
     *
     * @throws IllegalArgumentException for anything but whole seconds, at least 1
     */
    public OutgoingRecord withTimeToLive(@Nullable Duration time) {
        if (time != null
                && (time.toSeconds() < 1 || !time.equals(Duration.ofSeconds(time.toSeconds())))) {
            throw new IllegalArgumentException(
                    "A time to live is counted in whole seconds, at least 1, and cannot be "
                            + time.toMillis()
                            + " ms.");
        }
        return new OutgoingRecord(subject, payload, headers, messageId, time);
    }

    public String subject() {
        return subject;
    }

    public byte[] payload() {
        return payload;
    }

    public Headers headers() {
        return headers;
    }

    public @Nullable String messageId() {
        return messageId;
    }

    public @Nullable Duration timeToLive() {
        return timeToLive;
    }
}

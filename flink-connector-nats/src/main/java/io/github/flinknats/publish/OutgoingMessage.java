// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.record.Headers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** A message to be stored by a stream. The payload is not copied. */
@Internal
public final class OutgoingMessage {
    private final String subject;
    private final Headers headers;
    private final byte[] payload;
    private final long bytes;

    public OutgoingMessage(String subject, Headers headers, byte[] payload) {
        this.subject = subject;
        this.headers = headers;
        this.payload = payload;
        this.bytes = subject.length() + payload.length + size(headers);
    }

    private static long size(Headers headers) {
        long sum = 0;
        for (Map.Entry<String, List<String>> header : headers.asMap().entrySet()) {
            for (String value : header.getValue()) {
                sum += header.getKey().length() + value.length() + 3;
            }
        }
        return sum;
    }

    public String subject() {
        return subject;
    }

    public Headers headers() {
        return headers;
    }

    public byte[] payload() {
        return payload;
    }

    /** What it takes in memory, about. */
    public long bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof OutgoingMessage)) {
            return false;
        }
        OutgoingMessage that = (OutgoingMessage) other;
        return subject.equals(that.subject)
                && headers.equals(that.headers)
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(subject, headers, Arrays.hashCode(payload));
    }

    /** Without what it holds. */
    @Override
    public String toString() {
        return "message of " + payload.length + " bytes to " + subject;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A message as it stands on the wire. The line lies in a buffer that is used again; headers and
 * payload are the message's own.
 */
@Internal
@OwnedBy(ThreadRole.NATS)
public final class Frame {
    private static final byte[] EMPTY = new byte[0];

    private byte[] line = EMPTY;
    private int subjectStart;
    private int subjectEnd;
    private int replyStart;
    private int replyEnd;
    private byte @Nullable [] headers;
    private byte[] payload = EMPTY;

    Frame() {}

    /** Where the subjects of the next message lie; without a reply subject its ends are equal. */
    void line(byte[] buffer, int[] places) {
        line = buffer;
        subjectStart = places[0];
        subjectEnd = places[1];
        replyStart = places[2];
        replyEnd = places[3];
    }

    void body(byte @Nullable [] messageHeaders, byte[] messagePayload) {
        headers = messageHeaders;
        payload = messagePayload;
    }

    /** Takes subject and reply subject out of a buffer that will be overwritten. */
    void keepLine() {
        byte[] kept = Arrays.copyOfRange(line, subjectStart, replyEnd);
        int shift = subjectStart;
        line = kept;
        subjectStart = 0;
        subjectEnd -= shift;
        replyStart -= shift;
        replyEnd -= shift;
    }

    /** Holds {@link #subjectStart()} and, if there is one, {@link #replyStart()}. */
    public byte[] line() {
        return line;
    }

    public int subjectStart() {
        return subjectStart;
    }

    public int subjectEnd() {
        return subjectEnd;
    }

    public int replyStart() {
        return replyStart;
    }

    /** Equal to {@link #replyStart()} when there is no reply subject. */
    public int replyEnd() {
        return replyEnd;
    }

    /** The header block as it was sent, null when there is none. */
    public byte @Nullable [] headers() {
        return headers;
    }

    public byte[] payload() {
        return payload;
    }

    /** The message's size as the server counts it. */
    public long bytes() {
        byte[] block = headers;
        return (long) subjectEnd
                - subjectStart
                + replyEnd
                - replyStart
                + (block == null ? 0 : block.length)
                + payload.length;
    }
}

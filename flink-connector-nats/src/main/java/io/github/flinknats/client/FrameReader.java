// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of some subscriptions out of what a server sends, and leaves the rest for the
 * client: a state machine over bytes, without socket. What is left is always whole lines and whole
 * messages for the client, in their order, though perhaps in pieces.
 *
 * <pre>
 * MSG subject number [reply] size CRLF payload CRLF
 * HMSG subject number [reply] headersize size CRLF headers payload CRLF
 * </pre>
 */
@Internal
@OwnedBy(ThreadRole.NATS)
final class FrameReader {
    private enum State {
        /** At the first byte of a line. */
        LINE,
        /** Within a line for the client. */
        OTHER_LINE,
        /** Within a message for the client. */
        OTHER_MESSAGE,
        HEADERS,
        PAYLOAD,
        /** Between the payload and the end of its line. */
        END
    }

    private static final int MOST_WORDS = 5;
    private static final int MOST_DIGITS = 18;
    private static final int MOST_SIZE = Integer.MAX_VALUE - 16;

    /** Taken at once for a message that is not there as a whole: more than most have. */
    private static final int FIRST_ROOM = 1 << 20;

    /** Longer than any line of a server, whose own limit for what it reads is 4 KiB. */
    static final int LONGEST_LINE = 16 << 10;

    private final FrameSubscriptions subscriptions;
    private final List<FrameSink> touched = new ArrayList<>();
    private final Frame frame = new Frame();
    private final int[] starts = new int[MOST_WORDS];
    private final int[] ends = new int[MOST_WORDS];
    private final int[] places = new int[4];

    private State state = State.LINE;
    private byte[] held = new byte[0];
    private long otherLeft;

    private @Nullable FrameSink sink;
    private byte @Nullable [] headers;
    private byte[] payload = new byte[0];
    private int headersDue;
    private int payloadDue;
    private int filled;

    private long foundNumber;
    private @Nullable FrameSink found;
    private @Nullable Object foundIn;

    /** A reader for one connection. */
    FrameReader(FrameSubscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    /**
     * Puts back the beginning of a line that was not complete, at most {@link #LONGEST_LINE} bytes;
     * the next read belongs behind it.
     *
     * @return how many bytes
     */
    int putBack(byte[] buffer, int at) {
        System.arraycopy(held, 0, buffer, at, held.length);
        return held.length;
    }

    /**
     * Takes out messages; what is for the client moves to the front.
     *
     * @param from where the bytes that were {@link #putBack} begin
     * @param to the end of what was read
     * @return the end of what is for the client
     * @throws ProtocolException when this is not what a server sends
     */
    int take(byte[] buffer, int from, int to) throws ProtocolException {
        held = new byte[0];
        int at = from;
        int left = from;
        while (at < to) {
            int begin = at;
            switch (state) {
                case LINE:
                    at = line(buffer, at, to);
                    break;
                case OTHER_LINE:
                case OTHER_MESSAGE:
                    at = state == State.OTHER_LINE ? otherLine(buffer, at, to) : other(at, to);
                    if (left != begin) {
                        System.arraycopy(buffer, begin, buffer, left, at - begin);
                    }
                    left += at - begin;
                    break;
                case HEADERS:
                case PAYLOAD:
                    at = body(buffer, at, to);
                    break;
                case END:
                    at = end(buffer, at);
                    break;
            }
        }
        if (state == State.HEADERS || state == State.PAYLOAD || state == State.END) {
            frame.keepLine();
        }
        return left;
    }

    /** Tells who got messages that one read is done. Returns whether anybody did. */
    boolean readDone() {
        for (FrameSink each : touched) {
            each.onReadDone();
        }
        boolean any = !touched.isEmpty();
        touched.clear();
        return any;
    }

    // ------------------------------------------------------------------ for the client

    private int otherLine(byte[] buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffer[i] == '\n') {
                state = State.LINE;
                return i + 1;
            }
        }
        return to;
    }

    private int other(int at, int to) {
        long step = Math.min(otherLeft, to - at);
        otherLeft -= step;
        if (otherLeft == 0) {
            state = State.LINE;
        }
        return at + (int) step;
    }

    // ------------------------------------------------------------------ lines

    private int line(byte[] buffer, int at, int to) throws ProtocolException {
        int afterOp = afterOperation(buffer, at, to);
        if (afterOp < 0) {
            state = State.OTHER_LINE;
            return at;
        }
        int words = 0;
        int start = afterOp;
        for (int i = afterOp; i < to; i++) {
            byte b = buffer[i];
            if (!isEndOfWord(b)) {
                continue;
            }
            if (i > start) {
                if (words == MOST_WORDS) {
                    throw malformed("has a wrong number of words");
                }
                starts[words] = start;
                ends[words] = i;
                words++;
            }
            start = i + 1;
            if (b == '\n'
                    ? buffer[i - 1] != '\r'
                    : b == '\r' && i + 1 < to && buffer[i + 1] != '\n') {
                throw malformed("does not end with CR LF");
            }
            if (b == '\n') {
                return onLine(buffer, at, i + 1, words, to);
            }
        }
        if (to - at >= LONGEST_LINE) {
            throw malformed("is longer than " + LONGEST_LINE + " bytes");
        }
        held = Arrays.copyOfRange(buffer, at, to);
        return to;
    }

    private static boolean isEndOfWord(byte b) {
        // Most bytes are letters: one comparison for them, and bytes of UTF-8 are negative.
        return b <= ' ' && (b == ' ' || b == '\r' || b == '\n' || b == '\t');
    }

    /** Behind {@code MSG } or {@code HMSG }, or the end of the buffer; -1 for anything else. */
    private static int afterOperation(byte[] buffer, int at, int to) {
        String operation = upper(buffer[at]) == 'H' ? "HMSG" : "MSG";
        int length = operation.length();
        for (int i = 0; i <= length && at + i < to; i++) {
            byte b = buffer[at + i];
            boolean fits = i == length ? b == ' ' || b == '\t' : upper(b) == operation.charAt(i);
            if (!fits) {
                return -1;
            }
        }
        return Math.min(at + length + 1, to);
    }

    private static int upper(byte letter) {
        return letter & ~0x20;
    }

    private int onLine(byte[] buffer, int at, int end, int words, int limit)
            throws ProtocolException {
        boolean withHeaders = upper(buffer[at]) == 'H';
        int sizes = withHeaders ? 2 : 1;
        boolean withReply = words == sizes + 3;
        if (!withReply && words != sizes + 2) {
            throw malformed("has a wrong number of words");
        }
        long size = number(buffer, starts[words - 1], ends[words - 1]);
        long headerSize = withHeaders ? number(buffer, starts[words - 2], ends[words - 2]) : 0;
        if (size < 0 || size > MOST_SIZE || headerSize < 0 || headerSize > size) {
            throw malformed("has an impossible size");
        }
        FrameSink taker = sinkOf(number(buffer, starts[1], ends[1]));
        if (taker == null) {
            otherLeft = end - at + size + 2;
            state = State.OTHER_MESSAGE;
            return at;
        }
        places[0] = starts[0];
        places[1] = ends[0];
        places[2] = withReply ? starts[2] : ends[0];
        places[3] = withReply ? ends[2] : ends[0];
        frame.line(buffer, places);
        sink = taker;
        filled = 0;
        if (limit - end >= size) {
            // Nearly always: what is all here is copied at once.
            int payloadAt = end + (int) headerSize;
            int after = end + (int) size;
            headers = withHeaders ? Arrays.copyOfRange(buffer, end, payloadAt) : null;
            payload = Arrays.copyOfRange(buffer, payloadAt, after);
            state = State.END;
            return after;
        }
        headersDue = (int) headerSize;
        payloadDue = (int) (size - headerSize);
        headers = withHeaders ? new byte[Math.min(headersDue, FIRST_ROOM)] : null;
        payload = new byte[Math.min(payloadDue, FIRST_ROOM)];
        state = withHeaders ? State.HEADERS : State.PAYLOAD;
        return end;
    }

    private @Nullable FrameSink sinkOf(long number) {
        Object version = subscriptions.version();
        if (number != foundNumber || version != foundIn) {
            found = subscriptions.find(number);
            foundNumber = number;
            foundIn = version;
        }
        return found;
    }

    /** A whole number without sign, -1 when it is none. */
    static long number(byte[] bytes, int from, int to) {
        if (from >= to || to - from > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    // ------------------------------------------------------------------ our messages

    private int body(byte[] buffer, int at, int to) {
        byte[] block = headers;
        boolean ofHeaders = state == State.HEADERS && block != null;
        int due = ofHeaders ? headersDue : payloadDue;
        int step = Math.min(due - filled, to - at);
        byte[] target = room(block == null || !ofHeaders ? payload : block, filled + step, due);
        System.arraycopy(buffer, at, target, filled, step);
        filled += step;
        if (ofHeaders) {
            headers = target;
        } else {
            payload = target;
        }
        if (filled == due) {
            filled = 0;
            state = ofHeaders && payloadDue > 0 ? State.PAYLOAD : State.END;
        }
        return at + step;
    }

    /** A size is only what a line says: memory is taken as the bytes come. */
    private static byte[] room(byte[] target, int needed, int due) {
        return needed <= target.length
                ? target
                : Arrays.copyOf(target, (int) Math.min(due, Math.max(needed, 2L * target.length)));
    }

    private int end(byte[] buffer, int at) throws ProtocolException {
        if (buffer[at] != (filled == 0 ? '\r' : '\n')) {
            throw new ProtocolException(
                    "The server sent a message that does not end where its size says");
        }
        filled++;
        if (filled == 2) {
            filled = 0;
            state = State.LINE;
            deliver();
        }
        return at + 1;
    }

    private void deliver() {
        FrameSink to = sink;
        if (to != null) {
            frame.body(headers, payload);
            to.onFrame(frame);
            if (touched.isEmpty()
                    || (touched.get(touched.size() - 1) != to && !touched.contains(to))) {
                touched.add(to);
            }
        }
    }

    private static ProtocolException malformed(String how) {
        return new ProtocolException("The server sent a message line that " + how);
    }
}

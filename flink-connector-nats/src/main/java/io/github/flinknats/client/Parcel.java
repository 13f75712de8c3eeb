// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.nats.client.NUID;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;

/**
 * Messages that go out together, as the bytes that the server gets. The client takes them as the
 * payload of one message; {@link FramePort}, below the client, takes off what the client put around
 * them. So the client's queue, limits and connection stay in use, but not for every message.
 *
 * <pre>
 * PUB subject [reply] size CRLF payload CRLF
 * HPUB subject [reply] headersize size CRLF headers payload CRLF
 * </pre>
 */
@Internal
@OwnedBy(ThreadRole.ANY)
public final class Parcel {
    /** Random, so that nobody else's message is taken for a parcel. */
    static final String SUBJECT = "_PARCEL." + NUID.nextGlobal();

    private static final byte[] START = bytes("PUB " + SUBJECT + ' ');

    /** A client's buffer takes two of them. */
    static final int MOST_BYTES = 30 << 10;

    /** The most that a server takes by default. */
    private static final int LONGEST_LINE = 4_096;

    private static final byte[] PUB = bytes("PUB ");
    private static final byte[] HPUB = bytes("HPUB ");
    private static final byte[] CRLF = bytes("\r\n");
    private static final ByteText NOTHING = new ByteText(0);

    private final ByteText frames = new ByteText(MOST_BYTES);
    private int count;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a line begins a parcel. */
    static boolean isAt(byte[] bytes, int from, int to) {
        if (to - from < START.length) {
            return false;
        }
        for (int i = 0; i < START.length; i++) {
            if (bytes[from + i] != START[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Adds a message, if there is room.
     *
     * @param subject in UTF-8
     * @param reply empty where no answer is wanted
     * @param headers the whole block, or empty
     * @return false when it does not fit: the parcel has to go first, or the message is too large
     *     for any
     * @throws IllegalArgumentException when the subject cannot be sent
     */
    public boolean add(byte[] subject, ByteText reply, ByteText headers, byte[] payload) {
        return add(subject, reply, headers, payload, 0, payload.length);
    }

    /** As above, with a part of an array as payload. */
    public boolean add(
            byte[] subject, ByteText reply, ByteText headers, byte[] payload, int from, int size) {
        checkSubject(subject);
        long total = (long) headers.length() + size;
        int line = HPUB.length + subject.length + reply.length() + 2 + 2 * ByteText.digits(total);
        if (line > LONGEST_LINE) {
            throw new IllegalArgumentException("Control line is too long");
        }
        if (frames.length() + line + total + 2L * CRLF.length > MOST_BYTES) {
            return false;
        }
        boolean plain = headers.length() == 0;
        frames.add(plain ? PUB : HPUB).add(subject).add(' ');
        if (reply.length() > 0) {
            frames.add(reply.array(), 0, reply.length()).add(' ');
        }
        if (!plain) {
            frames.add((long) headers.length()).add(' ');
        }
        frames.add(total).add(CRLF).add(headers.array(), 0, headers.length());
        frames.add(payload, from, size).add(CRLF);
        count++;
        return true;
    }

    /** As above, without headers. */
    public boolean add(byte[] subject, ByteText reply, byte[] payload) {
        return add(subject, reply, NOTHING, payload);
    }

    private static void checkSubject(byte[] subject) {
        for (byte letter : subject) {
            if (letter <= ' ' && letter >= 0) {
                throw new IllegalArgumentException("Subject contains a space or control character");
            }
        }
        if (subject.length == 0) {
            throw new IllegalArgumentException("Subject is empty");
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Hands out the bytes and is empty again: the client appends the last end of line. */
    byte[] take() {
        byte[] all = frames.cutTo(frames.length() - CRLF.length).toBytes();
        clear();
        return all;
    }

    /** Forgets what is in it. */
    public void clear() {
        frames.clear();
        count = 0;
    }
}

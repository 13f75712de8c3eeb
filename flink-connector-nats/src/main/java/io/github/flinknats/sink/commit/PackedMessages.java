// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.StateFailures;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Messages as the bytes in which state keeps them, from the row to the wire: a checkpoint's output
 * is then a few arrays and not several objects for each row. Immutable.
 *
 * <pre>
 * message  same-subject-as-before [subject] headers payload
 * headers  count {name count {value}}
 * </pre>
 *
 * with counts and lengths of four bytes in front.
 */
@Internal
public final class PackedMessages {
    private static final byte SAME = 1;
    private static final byte OTHER = 0;

    private final byte[] bytes;
    private final int from;
    private final int to;

    // Of each message: where the text of its subject is, and where its headers begin.
    private final int[] subjects;
    private final int[] bodies;
    private final boolean headers;

    private PackedMessages(byte[] bytes, int from, int to, int[][] places, boolean headers) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.subjects = places[0];
        this.bodies = places[1];
        this.headers = headers;
    }

    public static PackedMessages of(List<OutgoingMessage> messages) {
        Packing packing = new Packing(64);
        messages.forEach(packing::add);
        return packing.take();
    }

    /**
     * Reads messages out of an array, which is kept: it may not change any more.
     *
     * @param from where they begin
     * @param count how many there must be
     * @throws IOException when these are not messages
     * @throws BufferUnderflowException when they end too early
     */
    public static PackedMessages read(byte[] bytes, int from, int count) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        in.position(from);
        int[] subjects = new int[count];
        int[] bodies = new int[count];
        boolean any = false;
        for (int i = 0; i < count; i++) {
            if (!StateFailures.flag(in.get())) {
                subjects[i] = in.position();
                String unused = CommitBytes.readText(in);
            } else if (i == 0) {
                throw new IOException("the first message has no subject");
            } else {
                subjects[i] = subjects[i - 1];
            }
            bodies[i] = in.position();
            any |= !readHeaders(in).asMap().isEmpty();
            CommitBytes.skip(in);
        }
        return new PackedMessages(bytes, from, in.position(), new int[][] {subjects, bodies}, any);
    }

    /** How many messages there are. */
    public int size() {
        return bodies.length;
    }

    /** How many bytes {@link #writeTo} needs. */
    public int bytes() {
        return to - from;
    }

    public void writeTo(ByteBuffer out) {
        out.put(bytes, from, to - from);
    }

    /** Whether any message has headers. */
    boolean hasHeaders() {
        return headers;
    }

    /** The different subjects, in the order in which they come first. */
    Set<String> subjects() {
        Set<String> all = new LinkedHashSet<>();
        int last = -1;
        for (int i = 0; i < size(); i++) {
            if (subjects[i] != last) {
                last = subjects[i];
                all.add(subject(i));
            }
        }
        return all;
    }

    String subject(int index) {
        return CommitBytes.readText(bytes, subjects[index]);
    }

    /** A little more than the largest message, without its subject; headers count as in state. */
    int largest() {
        int largest = 0;
        for (int i = 0; i < size(); i++) {
            int end = i + 1 < size() ? bodies[i + 1] : to;
            largest = Math.max(largest, end - bodies[i]);
        }
        return largest;
    }

    Headers headers(int index) {
        return headers ? headers(at(bodies[index])) : Headers.empty();
    }

    private ByteBuffer at(int place) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, to);
        in.position(place);
        return in;
    }

    /** A view of the messages, which makes each anew whenever it is asked for. */
    List<OutgoingMessage> asList() {
        return new AbstractList<OutgoingMessage>() {
            @Override
            public OutgoingMessage get(int index) {
                ByteBuffer in = at(bodies[index]);
                Headers own = headers(in);
                byte[] payload = new byte[in.getInt()];
                in.get(payload);
                return new OutgoingMessage(subject(index), own, payload);
            }

            @Override
            public int size() {
                return PackedMessages.this.size();
            }
        };
    }

    Reader reader() {
        return new Reader(this);
    }

    private static Headers headers(ByteBuffer in) {
        try {
            return readHeaders(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Never: they were read or written before.
        }
    }

    private static Headers readHeaders(ByteBuffer in) throws IOException {
        int count = CommitBytes.readSize(in);
        if (count == 0) {
            return Headers.empty();
        }
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = CommitBytes.readText(in);
            int values = CommitBytes.readSize(in);
            List<String> list = new ArrayList<>();
            for (int v = 0; v < values; v++) {
                list.add(CommitBytes.readText(in));
            }
            all.put(name, list);
        }
        return Headers.of(all);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof PackedMessages)) {
            return false;
        }
        PackedMessages that = (PackedMessages) other;
        return size() == that.size()
                && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(bytes, from, to - from).hashCode();
    }

    /** Without what the messages hold. */
    @Override
    public String toString() {
        return size() + " messages of " + bytes() + " bytes";
    }

    /** Goes through messages and shows where their parts are. */
    @OwnedBy(ThreadRole.TASK)
    static final class Reader {
        private final PackedMessages messages;
        private int subjectAt = -1;
        private byte[] subject = new byte[0];
        private int payloadAt;
        private int payloadLength;

        private Reader(PackedMessages messages) {
            this.messages = messages;
        }

        void move(int index) {
            int place = messages.subjects[index];
            if (place != subjectAt) {
                subjectAt = place;
                subject = CommitBytes.readBytes(messages.bytes, place);
            }
            int at = messages.bodies[index];
            if (messages.headers) {
                ByteBuffer in = messages.at(at);
                Headers unused = headers(in);
                at = in.position();
            } else {
                at += Integer.BYTES;
            }
            payloadLength = CommitBytes.readInt(messages.bytes, at);
            payloadAt = at + Integer.BYTES;
        }

        /** In UTF-8. */
        byte[] subject() {
            return subject;
        }

        /** The array that has the payload, and much else. */
        byte[] array() {
            return messages.bytes;
        }

        int payloadAt() {
            return payloadAt;
        }

        int payloadLength() {
            return payloadLength;
        }
    }

    /** Puts messages together. */
    @OwnedBy(ThreadRole.ANY)
    static final class Packing {
        private static final int FIRST_COUNT = 64;

        private byte[] bytes;
        private int end;
        private int count;
        private int[] subjects = new int[FIRST_COUNT];
        private int[] bodies = new int[FIRST_COUNT];
        private boolean headers;
        private String subject = "";
        private int subjectAt;

        Packing(int capacity) {
            this.bytes = new byte[capacity];
        }

        int size() {
            return count;
        }

        void add(OutgoingMessage message) {
            boolean same = count > 0 && message.subject().equals(subject);
            Map<String, List<String>> own = message.headers().asMap();
            byte[] payload = message.payload();
            byte[] text = same ? payload : CommitBytes.bytes(message.subject());
            long need = 1L + 2 * Integer.BYTES + payload.length;
            need += same ? 0 : Integer.BYTES + text.length;
            need += own.isEmpty() ? 0 : CommitBytes.size(own);
            ensure(need);
            ByteBuffer out = ByteBuffer.wrap(bytes, end, bytes.length - end);
            out.put(same ? SAME : OTHER);
            if (!same) {
                subject = message.subject();
                subjectAt = out.position();
                CommitBytes.write(text, out);
            }
            subjects[count] = subjectAt;
            bodies[count] = out.position();
            CommitBytes.writeHeaders(own, out);
            CommitBytes.write(payload, out);
            headers |= !own.isEmpty();
            count++;
            end = out.position();
        }

        private void ensure(long more) {
            if (bytes.length - end < more) {
                long least = Math.addExact(end, Math.toIntExact(more));
                long roomy = Math.min(Integer.MAX_VALUE - 16, bytes.length * 2L);
                bytes = Arrays.copyOf(bytes, (int) Math.max(least, roomy));
            }
            if (count == bodies.length) {
                subjects = Arrays.copyOf(subjects, 2 * count);
                bodies = Arrays.copyOf(bodies, 2 * count);
            }
        }

        /** Hands out the messages; it cannot be used any more. An array with much room is cut. */
        PackedMessages take() {
            boolean roomy = bytes.length - end > bytes.length / 8;
            return new PackedMessages(
                    roomy ? Arrays.copyOf(bytes, end) : bytes,
                    0,
                    end,
                    new int[][] {Arrays.copyOf(subjects, count), Arrays.copyOf(bodies, count)},
                    headers);
        }
    }
}

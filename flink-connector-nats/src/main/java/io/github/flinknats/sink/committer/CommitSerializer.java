// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.committer;

import io.github.flinknats.client.StateFailures;
import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.Headers;
import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.sink.commit.CommitBase;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes commits into checkpoints. A version, once released, is readable for ever: golden bytes of
 * each one are kept with the tests.
 */
@Internal
public final class CommitSerializer implements SimpleVersionedSerializer<Commit> {
    private static final int FIRST = 1;
    private static final int VERSION = FIRST;

    private static final StateFailures FAILURES =
            StateFailures.of("the state of a NATS sink", FIRST, VERSION);

    private static final int TIME_BYTES = Long.BYTES + Integer.BYTES;
    private static final byte TRUE = 1;
    private static final byte FALSE = 0;

    @Override
    public int getVersion() {
        return VERSION;
    }

    /** Into an array of the right size: a checkpoint's whole output passes through here. */
    @Override
    public byte[] serialize(Commit commit) throws IOException {
        int size =
                size(commit.id())
                        + size(commit.sinkId())
                        + size(commit.writer())
                        + size(commit.base().stream().name())
                        + 2 * TIME_BYTES
                        + Long.BYTES
                        + 1
                        + Integer.BYTES;
        List<OutgoingMessage> messages = commit.messages();
        String subject = "";
        for (OutgoingMessage message : messages) {
            size = Math.addExact(size, 1 + 2 * Integer.BYTES + message.payload().length);
            size += message.subject().equals(subject) ? 0 : size(message.subject());
            size += message.headers().asMap().isEmpty() ? 0 : size(message.headers());
            subject = message.subject();
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        writeText(commit.id(), out);
        writeText(commit.sinkId(), out);
        writeText(commit.writer(), out);
        writeBase(commit.base(), out);
        out.putInt(messages.size());
        subject = "";
        for (OutgoingMessage message : messages) {
            // Neighbours often have the same subject.
            boolean same = message.subject().equals(subject);
            out.put(same ? TRUE : FALSE);
            if (!same) {
                subject = message.subject();
                writeText(subject, out);
            }
            writeHeaders(message.headers(), out);
            writeBytes(message.payload(), out);
        }
        if (out.hasRemaining()) {
            throw new IOException("The size of a commit was not foreseen.");
        }
        return out.array();
    }

    private static int size(Headers headers) {
        int size = 0;
        for (Map.Entry<String, List<String>> header : headers.asMap().entrySet()) {
            size += size(header.getKey()) + Integer.BYTES;
            for (String value : header.getValue()) {
                size += size(value);
            }
        }
        return size;
    }

    private static int size(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) > 0x7F) {
                return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return Integer.BYTES + length;
    }

    @Override
    public Commit deserialize(int version, byte[] bytes) throws IOException {
        FAILURES.checkVersion(version);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            Commit commit = read(in);
            StateFailures.end(in.remaining());
            return commit;
        } catch (IOException
                | ArithmeticException
                | BufferUnderflowException
                | DateTimeException
                | IllegalArgumentException e) {
            throw FAILURES.damaged(version, e);
        }
    }

    private static Commit read(ByteBuffer in) throws IOException {
        String id = readText(in);
        String sinkId = readText(in);
        String writer = readText(in);
        CommitBase base = readBase(in);
        int count = readSize(in);
        List<OutgoingMessage> messages = new ArrayList<>(count);
        String subject = "";
        for (int i = 0; i < count; i++) {
            if (!StateFailures.flag(in.get())) {
                subject = readText(in);
            }
            messages.add(new OutgoingMessage(subject, readHeaders(in), readBytes(in)));
        }
        return Commit.of(id, sinkId, writer, base, messages);
    }

    private static void writeBase(CommitBase base, ByteBuffer out) {
        writeText(base.stream().name(), out);
        writeTime(base.stream().created(), out);
        out.putLong(base.lastSequence());
        writeTime(base.at(), out);
        out.put(base.isAtomic() ? TRUE : FALSE);
    }

    private static CommitBase readBase(ByteBuffer in) throws IOException {
        StreamIdentity stream = StreamIdentity.of(readText(in), readTime(in));
        return CommitBase.of(stream, in.getLong(), readTime(in), StateFailures.flag(in.get()));
    }

    private static void writeHeaders(Headers headers, ByteBuffer out) {
        out.putInt(headers.asMap().size());
        for (Map.Entry<String, List<String>> header : headers.asMap().entrySet()) {
            writeText(header.getKey(), out);
            out.putInt(header.getValue().size());
            for (String value : header.getValue()) {
                writeText(value, out);
            }
        }
    }

    private static Headers readHeaders(ByteBuffer in) throws IOException {
        int count = readSize(in);
        if (count == 0) {
            return Headers.empty();
        }
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = readText(in);
            int values = readSize(in);
            List<String> list = new ArrayList<>();
            for (int v = 0; v < values; v++) {
                list.add(readText(in));
            }
            all.put(name, list);
        }
        return Headers.of(all);
    }

    private static void writeTime(Instant time, ByteBuffer out) {
        out.putLong(time.getEpochSecond());
        out.putInt(time.getNano());
    }

    private static Instant readTime(ByteBuffer in) {
        return Instant.ofEpochSecond(in.getLong(), in.getInt());
    }

    private static void writeText(String text, ByteBuffer out) {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static String readText(ByteBuffer in) throws IOException {
        return StateFailures.text(readBytes(in));
    }

    private static void writeBytes(byte[] bytes, ByteBuffer out) {
        out.putInt(bytes.length);
        out.put(bytes);
    }

    private static byte[] readBytes(ByteBuffer in) throws IOException {
        byte[] bytes = new byte[readSize(in)];
        in.get(bytes);
        return bytes;
    }

    private static int readSize(ByteBuffer in) throws IOException {
        return StateFailures.size(in.getInt(), in.remaining());
    }
}

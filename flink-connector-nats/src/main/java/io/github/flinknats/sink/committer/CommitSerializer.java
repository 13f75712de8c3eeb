// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.committer;

import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.Headers;
import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.sink.commit.CommitBase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(Commit commit) throws IOException {
        long size = 256;
        for (OutgoingMessage message : commit.messages()) {
            size += message.bytes() + 16;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(size));
        DataOutputStream out = new DataOutputStream(bytes);
        writeText(commit.id(), out);
        writeText(commit.sinkId(), out);
        writeText(commit.writer(), out);
        writeBase(commit.base(), out);
        out.writeInt(commit.size());
        String subject = "";
        for (OutgoingMessage message : commit.messages()) {
            // Neighbours often have the same subject.
            boolean same = message.subject().equals(subject);
            out.writeBoolean(same);
            if (!same) {
                subject = message.subject();
                writeText(subject, out);
            }
            writeHeaders(message.headers(), out);
            writeBytes(message.payload(), out);
        }
        return bytes.toByteArray();
    }

    @Override
    public Commit deserialize(int version, byte[] bytes) throws IOException {
        if (version < FIRST || version > VERSION) {
            throw new IOException(
                    "The state of this NATS sink has version "
                            + version
                            + ", but this connector knows only versions "
                            + FIRST
                            + " to "
                            + VERSION
                            + ": restore it with the connector that wrote it, or a newer one.");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            Commit commit = read(in);
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes are left over");
            }
            return commit;
        } catch (IOException
                | ArithmeticException
                | DateTimeException
                | IllegalArgumentException e) {
            throw new IOException("The state of a NATS sink is damaged: " + e.getMessage(), e);
        }
    }

    private static Commit read(DataInputStream in) throws IOException {
        String id = readText(in);
        String sinkId = readText(in);
        String writer = readText(in);
        CommitBase base = readBase(in);
        int count = readSize(in);
        List<OutgoingMessage> messages = new ArrayList<>(count);
        String subject = "";
        for (int i = 0; i < count; i++) {
            if (!in.readBoolean()) {
                subject = readText(in);
            }
            messages.add(new OutgoingMessage(subject, readHeaders(in), readBytes(in)));
        }
        return Commit.of(id, sinkId, writer, base, messages);
    }

    private static void writeBase(CommitBase base, DataOutputStream out) throws IOException {
        writeText(base.stream().name(), out);
        writeTime(base.stream().created(), out);
        out.writeLong(base.lastSequence());
        writeTime(base.at(), out);
        out.writeBoolean(base.isAtomic());
    }

    private static CommitBase readBase(DataInputStream in) throws IOException {
        StreamIdentity stream = StreamIdentity.of(readText(in), readTime(in));
        return CommitBase.of(stream, in.readLong(), readTime(in), in.readBoolean());
    }

    private static void writeHeaders(Headers headers, DataOutputStream out) throws IOException {
        out.writeInt(headers.asMap().size());
        for (Map.Entry<String, List<String>> header : headers.asMap().entrySet()) {
            writeText(header.getKey(), out);
            out.writeInt(header.getValue().size());
            for (String value : header.getValue()) {
                writeText(value, out);
            }
        }
    }

    private static Headers readHeaders(DataInputStream in) throws IOException {
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

    private static void writeTime(Instant time, DataOutputStream out) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    private static Instant readTime(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private static void writeText(String text, DataOutputStream out) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[readSize(in)];
        in.readFully(bytes);
        return bytes;
    }

    /** A size that the rest of the bytes can hold: garbage must not make us allocate gigabytes. */
    private static int readSize(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > in.available()) {
            throw new IOException(
                    "a length of " + size + " with " + in.available() + " bytes left");
        }
        return size;
    }
}

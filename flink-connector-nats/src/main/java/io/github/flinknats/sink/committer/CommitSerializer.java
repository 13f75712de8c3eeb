// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.committer;

import io.github.flinknats.client.StateFailures;
import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.sink.commit.CommitBase;
import io.github.flinknats.sink.commit.CommitBytes;
import io.github.flinknats.sink.commit.PackedMessages;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
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
                CommitBytes.size(commit.id())
                        + CommitBytes.size(commit.sinkId())
                        + CommitBytes.size(commit.writer())
                        + CommitBytes.size(commit.base().stream().name())
                        + 2 * TIME_BYTES
                        + Long.BYTES
                        + 1
                        + Integer.BYTES;
        PackedMessages messages = commit.packed();
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(size, messages.bytes()));
        CommitBytes.writeText(commit.id(), out);
        CommitBytes.writeText(commit.sinkId(), out);
        CommitBytes.writeText(commit.writer(), out);
        writeBase(commit.base(), out);
        out.putInt(messages.size());
        messages.writeTo(out);
        if (out.hasRemaining()) {
            throw new IOException("The size of a commit was not foreseen.");
        }
        return out.array();
    }

    @Override
    public Commit deserialize(int version, byte[] bytes) throws IOException {
        FAILURES.checkVersion(version);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            Commit commit = read(in, bytes);
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

    private static Commit read(ByteBuffer in, byte[] bytes) throws IOException {
        String id = CommitBytes.readText(in);
        String sinkId = CommitBytes.readText(in);
        String writer = CommitBytes.readText(in);
        CommitBase base = readBase(in);
        int count = CommitBytes.readSize(in);
        PackedMessages messages = PackedMessages.read(bytes, in.position(), count);
        in.position(in.position() + messages.bytes());
        return Commit.of(id, sinkId, writer, base, messages);
    }

    private static void writeBase(CommitBase base, ByteBuffer out) {
        CommitBytes.writeText(base.stream().name(), out);
        writeTime(base.stream().created(), out);
        out.putLong(base.lastSequence());
        writeTime(base.at(), out);
        out.put(base.isAtomic() ? TRUE : FALSE);
    }

    private static CommitBase readBase(ByteBuffer in) throws IOException {
        StreamIdentity stream = StreamIdentity.of(CommitBytes.readText(in), readTime(in));
        return CommitBase.of(stream, in.getLong(), readTime(in), StateFailures.flag(in.get()));
    }

    private static void writeTime(Instant time, ByteBuffer out) {
        out.putLong(time.getEpochSecond());
        out.putInt(time.getNano());
    }

    private static Instant readTime(ByteBuffer in) {
        return Instant.ofEpochSecond(in.getLong(), in.getInt());
    }
}

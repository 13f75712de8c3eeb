// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import io.github.flinknats.client.StateFailures;
import io.github.flinknats.client.StreamIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes splits into checkpoints. A version, once released, is readable for ever: golden bytes of
 * each one are kept with the tests.
 */
@Internal
public final class NatsSplitSerializer implements SimpleVersionedSerializer<NatsSplit> {
    private static final int FIRST = 1;

    /** Since then a durable consumer may be named, and what was read through it. */
    private static final int WITH_DURABLE = 2;

    /** Since then a snapshot is told, and whether a reader had the split. */
    private static final int WITH_SNAPSHOT = 3;

    private static final int VERSION = WITH_SNAPSHOT;

    private static final StateFailures FAILURES =
            StateFailures.of("the state of a NATS split", FIRST, VERSION);

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(NatsSplit split) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        write(split, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Override
    public NatsSplit deserialize(int version, byte[] bytes) throws IOException {
        FAILURES.checkVersion(version);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            NatsSplit split = read(version, in);
            StateFailures.end(in.available());
            return split;
        } catch (IOException
                | ArithmeticException
                | DateTimeException
                | IllegalArgumentException e) {
            throw FAILURES.damaged(version, e);
        }
    }

    private static void write(NatsSplit split, DataOutputStream out) throws IOException {
        writeText(split.splitId(), out);
        writeText(split.stream().name(), out);
        Instant created = split.stream().created();
        out.writeLong(created.getEpochSecond());
        out.writeInt(created.getNano());
        out.writeInt(split.filters().size());
        for (String filter : split.filters()) {
            writeText(filter, out);
        }
        out.writeLong(split.range().next());
        out.writeLong(split.range().stop());
        out.writeLong(split.lastRead().sequence());
        out.writeLong(split.lastRead().timestampNanos());
        DurableProgressCodec.write(split.durable(), out);
        out.writeLong(split.range().snapshotEnd());
        out.writeBoolean(split.range().isBegun());
    }

    private static NatsSplit read(int version, DataInputStream in) throws IOException {
        String id = readText(in);
        StreamIdentity stream =
                StreamIdentity.of(readText(in), Instant.ofEpochSecond(in.readLong(), in.readInt()));
        int count = readSize(in);
        List<String> filters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            filters.add(readText(in));
        }
        long next = in.readLong();
        long stop = in.readLong();
        LastRead lastRead = LastRead.of(in.readLong(), in.readLong());
        if (version >= WITH_DURABLE) {
            lastRead = lastRead.through(DurableProgressCodec.read(in));
        }
        SequenceRange range =
                version >= WITH_SNAPSHOT
                        ? SequenceRange.restored(
                                next, stop, in.readLong(), StateFailures.flag(in.readByte()))
                        : SequenceRange.restored(next, stop, 0, lastRead.sequence() > 0);
        return NatsSplit.restored(id, stream, filters, range, lastRead);
    }

    static void writeText(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    static String readText(DataInputStream in) throws IOException {
        byte[] utf8 = new byte[readSize(in)];
        in.readFully(utf8);
        return StateFailures.text(utf8);
    }

    static int readSize(DataInputStream in) throws IOException {
        return StateFailures.size(in.readInt(), in.available());
    }
}

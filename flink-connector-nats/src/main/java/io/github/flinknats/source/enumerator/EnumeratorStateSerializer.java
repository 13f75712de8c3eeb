// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.client.StateFailures;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.NatsSplitSerializer;
import io.github.flinknats.subject.Printable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Writes the enumerator's state; each split carries the version of its own serializer. */
@Internal
public final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {
    private static final int FIRST = 1;

    /** Since then it says what was planned, not only that something was. */
    private static final int WITH_PLAN = 3;

    private static final int VERSION = WITH_PLAN;

    private static final StateFailures FAILURES =
            StateFailures.of("the state of a NATS enumerator", FIRST, VERSION);

    private final NatsSplitSerializer splits = new NatsSplitSerializer();

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        DataOutputStream out = new DataOutputStream(bytes);
        Planned planned = state.planned();
        out.writeBoolean(planned != null);
        if (planned != null) {
            write(planned, out);
        }
        out.writeInt(splits.getVersion());
        out.writeInt(state.unassigned().size());
        for (NatsSplit split : state.unassigned()) {
            byte[] data = splits.serialize(split);
            out.writeInt(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] bytes) throws IOException {
        FAILURES.checkVersion(version);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int splitVersion;
        Planned planned;
        List<byte[]> unassigned = new ArrayList<>();
        try {
            boolean isPlanned = StateFailures.flag(in.readByte());
            planned = !isPlanned ? null : version < WITH_PLAN ? Planned.unknown() : readPlanned(in);
            splitVersion = in.readInt();
            int count = readSize(in);
            for (int i = 0; i < count; i++) {
                unassigned.add(readBytes(in));
            }
            StateFailures.end(in.available());
            if (planned == null && count > 0) {
                throw new IOException(count + " splits that nobody planned");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw FAILURES.damaged(version, e);
        }
        if (planned == null) {
            return EnumeratorState.unplanned();
        }
        List<NatsSplit> read = new ArrayList<>();
        for (byte[] data : unassigned) {
            read.add(splits.deserialize(splitVersion, data));
        }
        return EnumeratorState.of(planned, read);
    }

    private static void write(Planned planned, DataOutputStream out) throws IOException {
        out.writeBoolean(planned.isKnown());
        writeText(planned.ordering().name(), out);
        out.writeInt(planned.streams().size());
        for (String stream : planned.streams()) {
            writeText(stream, out);
            List<String> filters = planned.filtersOf(stream);
            out.writeInt(filters.size());
            for (String filter : filters) {
                writeText(filter, out);
            }
        }
    }

    private static Planned readPlanned(DataInputStream in) throws IOException {
        boolean known = StateFailures.flag(in.readByte());
        Ordering ordering = ordering(readText(in));
        Map<String, List<String>> all = new TreeMap<>();
        int streams = readSize(in);
        for (int i = 0; i < streams; i++) {
            String stream = readText(in);
            int count = readSize(in);
            List<String> filters = new ArrayList<>();
            for (int k = 0; k < count; k++) {
                filters.add(readText(in));
            }
            all.put(stream, filters);
        }
        return known ? Planned.of(ordering, all) : Planned.unknown();
    }

    private static Ordering ordering(String name) throws IOException {
        try {
            return Ordering.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("an ordering '" + Printable.quote(name) + "'", e);
        }
    }

    private static void writeText(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String readText(DataInputStream in) throws IOException {
        return StateFailures.text(readBytes(in));
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[readSize(in)];
        in.readFully(bytes);
        return bytes;
    }

    private static int readSize(DataInputStream in) throws IOException {
        return StateFailures.size(in.readInt(), in.available());
    }
}

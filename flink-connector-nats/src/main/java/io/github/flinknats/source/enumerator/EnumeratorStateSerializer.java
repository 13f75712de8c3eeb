// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.NatsSplitSerializer;
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
        if (version < FIRST || version > VERSION) {
            throw new IOException(
                    "The state of this NATS source's enumerator has version "
                            + version
                            + ", but this connector knows only versions "
                            + FIRST
                            + " to "
                            + VERSION
                            + ": restore it with the connector that wrote it, or a newer one.");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        boolean isPlanned = in.readBoolean();
        Planned planned =
                !isPlanned ? null : version < WITH_PLAN ? Planned.unknown() : readPlanned(in);
        int splitVersion = in.readInt();
        int count = in.readInt();
        List<NatsSplit> unassigned = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] data = new byte[readSize(in)];
            in.readFully(data);
            unassigned.add(splits.deserialize(splitVersion, data));
        }
        if (count < 0 || in.available() > 0 || (planned == null && count > 0)) {
            throw damaged(
                    count
                            + " splits, "
                            + (planned == null ? "not planned" : "planned")
                            + ", and "
                            + in.available()
                            + " bytes left over");
        }
        return planned == null
                ? EnumeratorState.unplanned()
                : EnumeratorState.of(planned, unassigned);
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
        boolean known = in.readBoolean();
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
            throw damaged("an ordering '" + name + "'");
        }
    }

    private static void writeText(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] utf8 = new byte[readSize(in)];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static int readSize(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > in.available()) {
            throw damaged("a length of " + size + " with " + in.available() + " bytes left");
        }
        return size;
    }

    private static IOException damaged(String what) {
        return new IOException("The state of a NATS enumerator is damaged: " + what);
    }
}

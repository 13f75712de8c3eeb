// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.NatsSplitSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Writes the enumerator's state; each split carries the version of its own serializer. */
@Internal
public final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {
    /** The second holds splits of their second version; its own form is that of the first. */
    private static final int VERSION = 2;

    private final NatsSplitSerializer splits = new NatsSplitSerializer();

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBoolean(state.isPlanned());
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
        if (version < 1 || version > VERSION) {
            throw new IOException(
                    "The state of this NATS source's enumerator has version "
                            + version
                            + ", but this connector knows only version "
                            + VERSION
                            + ": restore it with the connector that wrote it, or a newer one.");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        boolean planned = in.readBoolean();
        int splitVersion = in.readInt();
        int count = in.readInt();
        List<NatsSplit> unassigned = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = in.readInt();
            if (length < 0 || length > in.available()) {
                throw damaged("a split of " + length + " bytes with " + in.available() + " left");
            }
            byte[] data = new byte[length];
            in.readFully(data);
            unassigned.add(splits.deserialize(splitVersion, data));
        }
        if (count < 0 || in.available() > 0 || (!planned && count > 0)) {
            throw damaged(
                    count
                            + " splits, "
                            + (planned ? "planned" : "not planned")
                            + ", and "
                            + in.available()
                            + " bytes left over");
        }
        return planned ? EnumeratorState.planned(unassigned) : EnumeratorState.unplanned();
    }

    private static IOException damaged(String what) {
        return new IOException("The state of a NATS enumerator is damaged: " + what);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import io.github.flinknats.client.StateFailures;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The part of a split's state that is about a durable consumer. Ranges are written as distances, in
 * as few bytes as these need: mostly two to four for a range.
 */
@Internal
final class DurableProgressCodec {
    private static final int MOST_SHIFT = 63;

    private DurableProgressCodec() {}

    static void write(@Nullable DurableProgress progress, DataOutputStream out) throws IOException {
        out.writeBoolean(progress != null);
        if (progress == null) {
            return;
        }
        NatsSplitSerializer.writeText(progress.consumer(), out);
        Instant created = progress.created();
        out.writeLong(created.getEpochSecond());
        out.writeInt(created.getNano());
        writeRanges(progress.emitted(), out);
        writeRanges(progress.unacknowledged(), out);
    }

    static @Nullable DurableProgress read(DataInputStream in) throws IOException {
        if (!StateFailures.flag(in.readByte())) {
            return null;
        }
        String consumer = NatsSplitSerializer.readText(in);
        Instant created = Instant.ofEpochSecond(in.readLong(), in.readInt());
        List<SequenceRange> emitted = readRanges(in);
        return DurableProgress.none(consumer, created).with(emitted, readRanges(in));
    }

    private static void writeRanges(List<SequenceRange> ranges, DataOutputStream out)
            throws IOException {
        out.writeInt(ranges.size());
        long end = 0;
        for (SequenceRange range : ranges) {
            writeNumber(range.next() - end, out);
            writeNumber(range.stop() - range.next(), out);
            end = range.stop();
        }
    }

    private static List<SequenceRange> readRanges(DataInputStream in) throws IOException {
        int count = NatsSplitSerializer.readSize(in);
        List<SequenceRange> ranges = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < count; i++) {
            long first = Math.addExact(end, readNumber(in));
            end = Math.addExact(first, readNumber(in));
            ranges.add(SequenceRange.of(first, end));
        }
        return ranges;
    }

    private static void writeNumber(long number, DataOutputStream out) throws IOException {
        long rest = number;
        while (rest > 0x7F) {
            out.writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long readNumber(DataInputStream in) throws IOException {
        long number = 0;
        for (int shift = 0; shift < MOST_SHIFT; shift += 7) {
            byte next = in.readByte();
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IOException("a number of more than 63 bits");
    }
}

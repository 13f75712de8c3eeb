// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatsSplitSerializerTest {
    /** Where the seconds of the creation time start: behind two texts of six letters. */
    private static final int CREATED_AT = 20;

    private final NatsSplitSerializer serializer = new NatsSplitSerializer();

    @Test
    void readsWhatItWrote() throws IOException {
        for (NatsSplit split : GoldenSplits.all().values()) {
            byte[] bytes = serializer.serialize(split);
            assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(split);
        }
    }

    @Test
    void readsVersion1() throws IOException {
        StateChecks.goldenFiles(1, "split-", GoldenSplits.version1(), serializer);
    }

    @Test
    void readsVersion2() throws IOException {
        StateChecks.goldenFiles(2, "split-", GoldenSplits.version2(), serializer);
    }

    @Test
    void readsAndWritesVersion3() throws IOException {
        StateChecks.goldenFiles(3, "split-", GoldenSplits.all(), serializer);
    }

    @Test
    void keepsTheIdOfOldSplitsWhateverANewOneWouldGet() throws IOException {
        NatsSplit split = GoldenSplits.all().get("split-new");
        NatsSplit other =
                NatsSplit.restored(
                        "another id",
                        split.stream(),
                        Collections.singletonList("a"),
                        split.range(),
                        split.lastRead());
        byte[] bytes = serializer.serialize(other);
        assertThat(serializer.deserialize(serializer.getVersion(), bytes).splitId())
                .isEqualTo("another id");
    }

    @Test
    void refusesOtherVersions() throws IOException {
        StateChecks.refusesOtherVersions(GoldenSplits.all().get("split-new"), serializer);
    }

    @Test
    void refusesOtherLengths() throws IOException {
        for (NatsSplit split : GoldenSplits.all().values()) {
            StateChecks.refusesOtherLengths(split, serializer);
        }
    }

    @Test
    void survivesGarbage() throws IOException {
        StateChecks.survivesGarbage(GoldenSplits.all().values(), serializer);
    }

    @Test
    void refusesImpossibleNumbers() throws IOException {
        NatsSplit split = GoldenSplits.all().get("split-durable");
        byte[] bytes = serializer.serialize(split);
        byte[] consumer = split.durable().consumer().getBytes(StandardCharsets.UTF_8);
        int durable = lastIndexOf(bytes, consumer) - 5;
        assertThat(bytes[durable]).isEqualTo((byte) 1);

        byte[] start = bytes.clone();
        // Behind the filters, and before the stop and the last read sequence and time.
        ByteBuffer.wrap(start).putLong(durable - 4 * Long.BYTES, 0);
        assertRefused(start, "A stream sequence starts at 1, not 0");
        byte[] marked = bytes.clone();
        marked[durable] = 2;
        assertRefused(marked, "a mark of 2 where 0 or 1 is due");
        byte[] large = bytes.clone();
        int ranges = durable + 5 + consumer.length + 12 + 4; // Behind its creation and a count.
        Arrays.fill(large, ranges, ranges + 9, (byte) -1);
        assertRefused(large, "a number of more than 63 bits");
    }

    private static int lastIndexOf(byte[] bytes, byte[] wanted) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .lastIndexOf(new String(wanted, StandardCharsets.ISO_8859_1));
    }

    private void assertRefused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> serializer.deserialize(serializer.getVersion(), bytes))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot restore the state of a NATS split (version 3), because it is"
                                + " damaged: "
                                + reason
                                + ". Please restore an older checkpoint or savepoint, or start the"
                                + " job without the old state.");
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 2147483647",
        "-9223372036854775808, -1",
        "9223372036854775807, 0"
    })
    void refusesImpossibleTimes(long seconds, int nanos) throws IOException {
        byte[] bytes = serializer.serialize(GoldenSplits.all().get("split-new"));
        ByteBuffer.wrap(bytes).putLong(CREATED_AT, seconds).putInt(CREATED_AT + 8, nanos);
        assertThatThrownBy(() -> serializer.deserialize(serializer.getVersion(), bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.source.split.GoldenSplits;
import io.github.flinknats.source.split.StateChecks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EnumeratorStateSerializerTest {
    private final EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();

    @Test
    void readsWhatItWrote() throws IOException {
        for (EnumeratorState state : GoldenEnumeratorStates.all().values()) {
            byte[] bytes = serializer.serialize(state);
            assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(state);
        }
    }

    @Test
    void readsVersion1() throws IOException {
        StateChecks.goldenFiles(1, "enumerator-", GoldenEnumeratorStates.version1(), serializer);
    }

    @Test
    void readsVersion2() throws IOException {
        StateChecks.goldenFiles(2, "enumerator-", GoldenEnumeratorStates.version2(), serializer);
    }

    @Test
    void readsAndWritesVersion3() throws IOException {
        StateChecks.goldenFiles(3, "enumerator-", GoldenEnumeratorStates.all(), serializer);
    }

    @Test
    void refusesOtherVersions() throws IOException {
        StateChecks.refusesOtherVersions(EnumeratorState.unplanned(), serializer);
    }

    @Test
    void refusesOtherLengths() throws IOException {
        for (EnumeratorState state : GoldenEnumeratorStates.all().values()) {
            StateChecks.refusesOtherLengths(state, serializer);
        }
    }

    @Test
    void refusesSplitsOfAnUnknownVersion() throws IOException {
        byte[] bytes = Files.readAllBytes(GoldenSplits.folder(1).resolve("enumerator-unassigned"));
        bytes[4] = 9; // The last byte of the splits' version.
        assertThatThrownBy(() -> serializer.deserialize(1, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has version 9");
    }

    @Test
    void refusesSplitsThatNobodyPlanned() throws IOException {
        byte[] bytes = Files.readAllBytes(GoldenSplits.folder(1).resolve("enumerator-unassigned"));
        bytes[0] = 0;
        assertThatThrownBy(() -> serializer.deserialize(1, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged: 3 splits that nobody planned. Please");
    }

    @Test
    void refusesWhatNoVersionWrote() throws IOException {
        byte[] bytes = serializer.serialize(GoldenEnumeratorStates.all().get("enumerator-planned"));
        byte[] order = "STREAM".getBytes(StandardCharsets.UTF_8);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("STREAM");
        assertThat(Arrays.copyOfRange(bytes, at, at + order.length)).isEqualTo(order);
        bytes[at] = 'x';
        assertRefused(bytes, "an ordering 'xTREAM'");
        bytes[at] = (byte) 0xFF;
        assertRefused(bytes, "a text is not UTF-8");
        bytes[0] = 7;
        assertRefused(bytes, "a mark of 7 where 0 or 1 is due");
    }

    private void assertRefused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> serializer.deserialize(3, bytes))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot restore the state of a NATS enumerator (version 3), because it is"
                                + " damaged: "
                                + reason
                                + ". Please restore an older checkpoint or savepoint, or start the"
                                + " job without the old state.");
    }

    @Test
    void survivesGarbage() throws IOException {
        StateChecks.survivesGarbage(GoldenEnumeratorStates.all().values(), serializer);
    }
}

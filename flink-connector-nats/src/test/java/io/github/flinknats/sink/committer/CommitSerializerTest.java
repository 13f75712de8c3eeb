// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.committer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.source.split.StateChecks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommitSerializerTest {
    private final CommitSerializer serializer = new CommitSerializer();

    @Test
    void readsWhatItWrote() throws IOException {
        for (Commit commit : GoldenCommits.all().values()) {
            byte[] bytes = serializer.serialize(commit);
            assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(commit);
        }
    }

    @Test
    void readsAndWritesVersion1() throws IOException {
        StateChecks.goldenFiles(1, "commit-", GoldenCommits.all(), serializer);
    }

    @Test
    void refusesOtherVersions() throws IOException {
        StateChecks.refusesOtherVersions(GoldenCommits.all().get("commit-one"), serializer);
    }

    @Test
    void refusesOtherLengths() throws IOException {
        StateChecks.refusesOtherLengths(GoldenCommits.all().get("commit-many"), serializer);
    }

    @Test
    void survivesGarbage() throws IOException {
        StateChecks.survivesGarbage(GoldenCommits.all().values(), serializer);
    }

    @Test
    void refusesAPositionBeforeTheStream() throws IOException {
        Commit commit = GoldenCommits.all().get("commit-one");
        byte[] bytes = serializer.serialize(commit);
        String stream = commit.base().stream().name();
        int behind = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(stream);
        ByteBuffer.wrap(bytes).putLong(behind + stream.length() + 12, -1);
        assertThatThrownBy(() -> serializer.deserialize(1, bytes))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot restore the state of a NATS sink (version 1), because it is"
                                + " damaged: The last sequence cannot be -1. Please restore an older"
                                + " checkpoint or savepoint, or start the job without the old"
                                + " state.");
    }

    /** The size of the state that docs/semantics.md tells. */
    @Test
    void takesNineBytesMoreThanThePayload() throws IOException {
        Commit one = GoldenCommits.of(1, 200);
        Commit thousand = GoldenCommits.of(1_000, 200);
        assertThat(serializer.serialize(thousand).length - serializer.serialize(one).length)
                .isEqualTo(999 * (200 + 9));
    }
}

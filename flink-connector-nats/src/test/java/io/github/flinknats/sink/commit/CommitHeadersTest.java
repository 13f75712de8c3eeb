// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommitHeadersTest {
    private static final int COUNT = 12;

    @Test
    void theBytesSayWhatTheHeadersSay() {
        same(null, Headers.empty());
        same("batch-1", Headers.empty());
        same("batch-1", Headers.of(Map.of("k", List.of("v", "", "w"))));
        same(null, Headers.of(Map.of("k", List.of("v"), "Nats-Msg-Id", List.of("own"))));
    }

    private static void same(@Nullable String batch, Headers own) {
        Commit commit = commit(own);
        CommitHeaders headers = new CommitHeaders(commit, batch);
        for (int i = 0; i < COUNT; i++) {
            assertThat(lines(headers.block(i).toBytes()))
                    .isEqualTo(lines(headers.headers(i).getSerialized()));
        }
    }

    @Test
    void idAndPlace() {
        CommitHeaders headers = new CommitHeaders(commit(Headers.empty()), "batch-1");
        assertThat(lines(headers.block(0).toBytes()))
                .containsExactly(
                        "",
                        "",
                        "NATS/1.0",
                        "Nats-Batch-Id:batch-1",
                        "Nats-Batch-Sequence:1",
                        "Nats-Msg-Id:sink.ID.0");
        assertThat(lines(headers.block(COUNT - 1).toBytes()))
                .containsExactly(
                        "",
                        "",
                        "NATS/1.0",
                        "Nats-Batch-Commit:1",
                        "Nats-Batch-Id:batch-1",
                        "Nats-Batch-Sequence:12",
                        "Nats-Msg-Id:sink.ID.11");
    }

    private static Commit commit(Headers own) {
        OutgoingMessage message = new OutgoingMessage("s", own, new byte[0]);
        return Commit.of(
                "ID",
                "sink",
                "writer",
                CommitBase.of(StreamFixtures.identity(1), 10, Commits.BEFORE, true),
                PackedMessages.of(Collections.nCopies(COUNT, message)));
    }

    /** The order of headers is the client's own. */
    private static List<String> lines(byte[] block) {
        String text = new String(block, StandardCharsets.US_ASCII);
        assertThat(text).startsWith("NATS/1.0\r\n").endsWith("\r\n\r\n");
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\r\n", -1)));
        Collections.sort(lines);
        return lines;
    }
}

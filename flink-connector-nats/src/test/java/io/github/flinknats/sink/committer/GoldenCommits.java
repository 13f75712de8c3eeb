// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.committer;

import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.Headers;
import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.sink.commit.CommitBase;
import io.github.flinknats.sink.commit.Commits;
import io.github.flinknats.sink.commit.PackedMessages;
import io.github.flinknats.source.split.GoldenSplits;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As {@link GoldenSplits}, of commits. */
public final class GoldenCommits {

    private GoldenCommits() {}

    /** Commits by the name of their file. */
    static Map<String, Commit> all() {
        Instant time = Instant.parse("2026-01-02T03:04:05.678901234Z");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("größe", Arrays.asList("1", "", "ü"));
        headers.put("Nats-Msg-Id", Collections.singletonList("own"));
        Map<String, Commit> commits = new LinkedHashMap<>();
        commits.put(
                "commit-one",
                Commit.of(
                        "AbC-_9",
                        "orders",
                        "writer-1",
                        CommitBase.of(StreamIdentity.of("ORDERS", time), 0, time, false),
                        PackedMessages.of(
                                Collections.singletonList(Commits.message("orders.new", "")))));
        commits.put(
                "commit-many",
                Commit.of(
                        "AbC-_8",
                        "orders",
                        "writer-2",
                        CommitBase.of(
                                StreamIdentity.of("Größe", Instant.parse("1969-12-31T23:59:59.5Z")),
                                4_000_000_000L,
                                time.plusNanos(1),
                                true),
                        PackedMessages.of(
                                Arrays.asList(
                                        Commits.message("a.größe", "first"),
                                        Commits.message("a.größe", "same subject"),
                                        new OutgoingMessage(
                                                "b", Headers.of(headers), new byte[] {0, -1}),
                                        Commits.message("a.größe", "third", "id 3")))));
        return commits;
    }

    /** Messages of one subject. */
    static Commit of(int count, int bytes) {
        List<OutgoingMessage> messages =
                Collections.nCopies(
                        count, new OutgoingMessage("orders.new", Headers.empty(), new byte[bytes]));
        Commit any = all().get("commit-one");
        return Commit.of(
                any.id(), any.sinkId(), any.writer(), any.base(), PackedMessages.of(messages));
    }

    public static void main(String[] args) throws IOException {
        GoldenSplits.write(all(), new CommitSerializer());
    }
}

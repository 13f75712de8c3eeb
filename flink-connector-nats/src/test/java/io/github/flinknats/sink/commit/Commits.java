// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.Headers;
import io.github.flinknats.record.NatsRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Commits for tests. */
public final class Commits {
    static final Instant BEFORE = Instant.parse("2026-01-02T00:00:00Z");

    private Commits() {}

    /** A message; its id is its own if there is one. */
    public static OutgoingMessage message(String subject, String payload, String... id) {
        return new OutgoingMessage(
                subject,
                id.length == 0
                        ? Headers.empty()
                        : Headers.of(Map.of(NatsRecord.MESSAGE_ID_HEADER, List.of(id))),
                payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A commit to a stream that ended at 10, with a message per subject. */
    static Commit of(boolean atomic, String... subjects) {
        List<OutgoingMessage> messages = new ArrayList<>();
        for (String subject : subjects) {
            messages.add(message(subject, "payload"));
        }
        return Commit.of(
                "ID",
                "sink",
                "writer",
                CommitBase.of(StreamFixtures.identity(1), 10, BEFORE, atomic),
                PackedMessages.of(messages));
    }
}

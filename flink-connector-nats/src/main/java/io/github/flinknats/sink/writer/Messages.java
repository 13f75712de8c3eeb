// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.HeaderRules;
import io.github.flinknats.record.Headers;
import io.github.flinknats.record.NatsRecord;
import io.github.flinknats.record.OutgoingRecord;
import io.github.flinknats.subject.Printable;
import io.github.flinknats.subject.Subjects;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes messages of what users write: checks the subject, and puts id and lifetime into headers.
 */
@OwnedBy(ThreadRole.TASK)
final class Messages {
    private static final String TTL_HEADER = "Nats-TTL";

    /**
     * What says how a message came into the stream it was read from. Copied, it would make the
     * message part of a batch that nobody ends.
     */
    private static final Set<String> BATCH_HEADERS =
            Set.of("Nats-Batch-Id", "Nats-Batch-Sequence", "Nats-Batch-Commit");

    /** A server takes lines of 4096 bytes; besides the subject, where to answer stands there. */
    private static final int LONGEST_SUBJECT = 3_800;

    private String lastSubject = "";

    /**
     * The message.
     *
     * @throws IllegalArgumentException saying what is wrong with the subject or a header
     */
    OutgoingMessage of(OutgoingRecord record) {
        return new OutgoingMessage(checked(record.subject()), headers(record), record.payload());
    }

    private String checked(String subject) {
        if (!subject.equals(lastSubject)) {
            String problem = Subjects.subjectProblem(subject);
            if (problem != null) {
                throw new IllegalArgumentException(problem);
            }
            int bytes = subject.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST_SUBJECT) {
                throw new IllegalArgumentException(
                        "The subject '"
                                + Printable.quote(subject)
                                + "' has "
                                + bytes
                                + " bytes; "
                                + LONGEST_SUBJECT
                                + " are the most that fit into a line of the protocol.");
            }
            lastSubject = subject;
        }
        return subject;
    }

    /** To be found here, and not when a checkpoint's messages are sent. */
    private static Headers headers(OutgoingRecord record) {
        Headers headers = all(record);
        String problem = HeaderRules.problem(headers);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return headers;
    }

    private static Headers all(OutgoingRecord record) {
        String id = record.messageId();
        Duration lifetime = record.timeToLive();
        Map<String, List<String>> own = record.headers().asMap();
        boolean copied = !own.isEmpty() && own.keySet().stream().anyMatch(BATCH_HEADERS::contains);
        if (id == null && lifetime == null && !copied) {
            return record.headers();
        }
        Map<String, List<String>> all = new LinkedHashMap<>(own);
        all.keySet().removeAll(BATCH_HEADERS);
        if (id != null) {
            all.put(NatsRecord.MESSAGE_ID_HEADER, Collections.singletonList(id));
        }
        if (lifetime != null) {
            all.put(TTL_HEADER, Collections.singletonList(lifetime.toSeconds() + "s"));
        }
        return Headers.of(all);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.record.NatsRecord;
import java.util.Set;

/** What atomic batches can carry, and what a stream's refusals of one mean (ADR-50). */
final class BatchRules {
    /** The most messages that a server takes in one batch. */
    static final int MOST_MESSAGES = 1_000;

    static final String ID = "Nats-Batch-Id";
    static final String SEQUENCE = "Nats-Batch-Sequence";
    static final String COMMIT = "Nats-Batch-Commit";

    /**
     * Headers that a batch refuses, or takes at its first message only. An id of the user's own may
     * be in the stream, which is no fault, but would keep the whole batch out.
     */
    private static final Set<String> FOR_SINGLE_MESSAGES =
            Set.of(
                    NatsRecord.MESSAGE_ID_HEADER,
                    "Nats-Expected-Last-Msg-Id",
                    "Nats-Expected-Last-Sequence",
                    "Nats-Rollup");

    private static final int ID_KNOWN = 10201;
    private static final int INCOMPLETE = 10176;

    /**
     * Batches are off, the id or a header is not allowed, one is too long, the end is not
     * understood, or the server has too many of them.
     */
    private static final Set<Integer> IMPOSSIBLE =
            Set.of(10174, 10175, 10177, 10178, 10179, 10199, 10200, 10210, 10211);

    private BatchRules() {}

    static boolean allow(Commit commit) {
        if (commit.size() > MOST_MESSAGES) {
            return false;
        }
        PackedMessages messages = commit.packed();
        for (int i = 0; messages.hasHeaders() && i < messages.size(); i++) {
            Set<String> names = messages.headers(i).asMap().keySet();
            if (names.stream().anyMatch(FOR_SINGLE_MESSAGES::contains)) {
                return false;
            }
        }
        return true;
    }

    /** A message of the batch has an id that the stream has. */
    static boolean isKnownId(int errorCode) {
        return errorCode == ID_KNOWN;
    }

    /** The server does not know the whole batch: it restarted, or refused a message on the way. */
    static boolean isIncomplete(int errorCode) {
        return errorCode == INCOMPLETE;
    }

    /** This batch will never be taken; its messages may. */
    static boolean isImpossible(int errorCode) {
        return IMPOSSIBLE.contains(errorCode);
    }
}

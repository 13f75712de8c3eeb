// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.publish.OutgoingMessage;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * Divides messages into commits: each of one stream, small enough for an atomic batch, in order.
 */
final class CommitMaker {
    /** A server takes several times as much; a larger message is a commit of its own. */
    static final long MOST_BYTES = 4L << 20;

    private static final Random RANDOM = new SecureRandom();
    private static final int ID_BYTES = 12;

    private final String sinkId;
    private final String writer;

    CommitMaker(String sinkId, String writer) {
        this.sinkId = sinkId;
        this.writer = writer;
    }

    /** The commits of one stream's messages. */
    List<Commit> commits(CommitBase base, List<OutgoingMessage> messages) {
        List<Commit> commits = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < messages.size(); i++) {
            long next = messages.get(i).bytes();
            boolean full =
                    i - from == BatchRules.MOST_MESSAGES || (i > from && bytes + next > MOST_BYTES);
            if (full) {
                commits.add(commit(base, messages.subList(from, i)));
                from = i;
                bytes = 0;
            }
            bytes += next;
        }
        commits.add(commit(base, messages.subList(from, messages.size())));
        return commits;
    }

    private Commit commit(CommitBase base, List<OutgoingMessage> messages) {
        return Commit.of(randomId(), sinkId, writer, base, messages);
    }

    /** Sixteen letters, digits, '-' and '_' that nobody has had before. */
    static String randomId() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

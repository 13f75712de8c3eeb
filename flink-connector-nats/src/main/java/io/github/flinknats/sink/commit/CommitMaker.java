// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Random;

/** Gives commits their ids. */
final class CommitMaker {
    private static final Random RANDOM = new SecureRandom();
    private static final int ID_BYTES = 12;

    private final String sinkId;
    private final String writer;

    CommitMaker(String sinkId, String writer) {
        this.sinkId = sinkId;
        this.writer = writer;
    }

    /** A commit of one stream's messages. */
    Commit commit(CommitBase base, PackedMessages messages) {
        return Commit.of(randomId(), sinkId, writer, base, messages);
    }

    /** Sixteen letters, digits, '-' and '_' that nobody has had before. */
    static String randomId() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

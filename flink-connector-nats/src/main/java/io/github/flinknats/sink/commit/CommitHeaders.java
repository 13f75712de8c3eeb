// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ByteText;
import io.github.flinknats.record.NatsRecord;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a commit's messages: their own, their ids and, in a batch, their places. Where
 * rows bring no headers, most of the bytes are the same for all messages and made once.
 */
@OwnedBy(ThreadRole.TASK)
final class CommitHeaders {
    private static final byte[] PLACE = bytes("\r\n" + BatchRules.SEQUENCE + ":");
    private static final byte[] LAST = bytes("\r\n" + BatchRules.COMMIT + ":1");
    private static final byte[] END = bytes("\r\n\r\n");

    private final Commit commit;
    private final @Nullable String batch;
    private final ByteText block = new ByteText(256);
    private final int same;

    /**
     * Headers for one attempt.
     *
     * @param batch the id of the batch, or null when the messages go one by one
     */
    CommitHeaders(Commit commit, @Nullable String batch) {
        this.commit = commit;
        this.batch = batch;
        block.add(bytes("NATS/1.0\r\n"));
        if (batch != null) {
            block.add(bytes(BatchRules.ID + ":" + batch + "\r\n"));
        }
        block.add(bytes(NatsRecord.MESSAGE_ID_HEADER + ":" + commit.idPrefix()));
        this.same = block.length();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** As bytes, which stand until the next call. */
    ByteText block(int index) {
        if (commit.packed().hasHeaders()) {
            return block.clear().add(headers(index).getSerialized());
        }
        block.cutTo(same).add(index);
        if (batch != null) {
            block.add(PLACE).add(index + 1L);
            if (index == commit.size() - 1) {
                block.add(LAST);
            }
        }
        return block.add(END);
    }

    /** As the client wants them. */
    Headers headers(int index) {
        Headers headers = new Headers();
        commit.packed().headers(index).asMap().forEach((name, all) -> headers.add(name, all));
        headers.put(NatsRecord.MESSAGE_ID_HEADER, commit.messageId(index));
        if (batch != null) {
            headers.add(BatchRules.ID, batch);
            headers.add(BatchRules.SEQUENCE, Integer.toString(index + 1));
            if (index == commit.size() - 1) {
                headers.add(BatchRules.COMMIT, "1");
            }
        }
        return headers;
    }
}

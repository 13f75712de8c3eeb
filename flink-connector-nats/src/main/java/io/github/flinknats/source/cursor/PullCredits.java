// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Counts what has been asked for and what is held, by messages and by bytes, so that their sum
 * never passes the limits. The server serves waiting pulls in turn, one message each, and a message
 * does not say which pull it answers; so credits are counted in total, and asked again as messages
 * arrive, not when a pull ends. A pull carries a byte limit and therefore always ends with a
 * status.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class PullCredits {
    /** Pulls by which the message credit is asked. */
    private static final int MESSAGE_PULLS = 4;

    /** More than {@link #MESSAGE_PULLS}, or unused bytes of open pulls would hold back new ones. */
    private static final int BYTE_PULLS = 8;

    private static final long LEAST_PULL_BYTES = 64 << 10;

    private final int maxMessages;
    private final long maxBytes;
    private final int pullMessages;
    private final long pullBytes;
    private final ArrayDeque<Pull> open = new ArrayDeque<>();

    private long askedMessages;
    private long askedBytes;
    private long heldMessages;
    private long heldBytes;
    private int lastNumber;

    /** Bytes to ask for a message that is larger than a pull; 0 when there is none. */
    private long oversize;

    PullCredits(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.pullMessages = Math.max(1, maxMessages / MESSAGE_PULLS);
        this.pullBytes = Math.max(maxBytes / BYTE_PULLS, Math.min(maxBytes, LEAST_PULL_BYTES));
    }

    /** Whether another pull fits. */
    boolean wantsPull() {
        if (oversize > 0) {
            return open.isEmpty() && heldMessages == 0;
        }
        return askedMessages + heldMessages + pullMessages <= maxMessages
                && askedBytes + heldBytes + pullBytes <= maxBytes;
    }

    /** The next pull; it must be sent. */
    CursorCommand pull(long deadline) {
        int messages = oversize > 0 ? 1 : pullMessages;
        long bytes = oversize > 0 ? oversize : pullBytes;
        askedMessages += messages;
        askedBytes += bytes;
        lastNumber++;
        open.add(new Pull(lastNumber, bytes, deadline));
        return CursorCommand.pull(lastNumber, messages, bytes);
    }

    /** A message arrived; it is held from now on. */
    void received(long bytes) {
        askedMessages = Math.max(0, askedMessages - 1);
        askedBytes = Math.max(0, askedBytes - bytes);
        heldMessages++;
        heldBytes += bytes;
        oversize = 0;
    }

    /** Held messages were dropped or handed over. */
    void released(long messages, long bytes) {
        heldMessages -= messages;
        heldBytes -= bytes;
    }

    /** The server ended a pull and says how much of it was not used. */
    void ended(int number, long unusedMessages, long unusedBytes) {
        if (remove(number) == null) {
            return;
        }
        askedMessages = Math.max(0, askedMessages - unusedMessages);
        askedBytes = Math.max(0, askedBytes - unusedBytes);
        if (open.isEmpty()) {
            askedMessages = 0;
            askedBytes = 0;
        }
    }

    /** As {@link #ended}, because the next message does not fit into what is left of the pull. */
    void endedByBytes(int number, long unusedMessages, long unusedBytes) {
        for (Pull pull : open) {
            if (pull.number == number && unusedBytes >= pull.bytes) {
                // Not one message fitted into a whole pull.
                oversize = Math.max(oversize, pull.bytes * 2);
            }
        }
        ended(number, unusedMessages, unusedBytes);
    }

    private @Nullable Pull remove(int number) {
        for (Iterator<Pull> pulls = open.iterator(); pulls.hasNext(); ) {
            Pull pull = pulls.next();
            if (pull.number == number) {
                pulls.remove();
                return pull;
            }
        }
        return null;
    }

    /** The consumer is gone and all pulls with it; what is held stays held. */
    void reset() {
        open.clear();
        askedMessages = 0;
        askedBytes = 0;
    }

    /** Whether the server owes us a sign of life. */
    boolean anyOpen() {
        return !open.isEmpty();
    }

    /** Whether a pull should have been ended by the server long ago. */
    boolean anyOverdue(long now) {
        Pull oldest = open.peek();
        return oldest != null && now > oldest.deadline;
    }

    long inUseMessages() {
        return askedMessages + heldMessages;
    }

    long inUseBytes() {
        return askedBytes + heldBytes;
    }

    private static final class Pull {
        private final int number;
        private final long bytes;
        private final long deadline;

        Pull(int number, long bytes, long deadline) {
            this.number = number;
            this.bytes = bytes;
            this.deadline = deadline;
        }
    }
}

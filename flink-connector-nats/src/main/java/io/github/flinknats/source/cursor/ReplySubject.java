// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import org.apache.flink.annotation.Internal;

/**
 * Reads the reply subject of a delivered message, which carries everything about its position:
 *
 * <pre>
 * $JS.ACK.stream.consumer.delivered.streamSequence.consumerSequence.timestamp.pending
 * $JS.ACK.domain.account.stream.consumer.delivered.streamSequence.….pending[.more]
 * </pre>
 *
 * <p>The second form has eleven tokens or more (ADR-15 as of server 2.14). One instance is used
 * again for every message, so that reading makes no garbage.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class ReplySubject {
    private static final String PREFIX = "$JS.ACK.";
    private static final int SHORT_FORM = 9;
    private static final int LONG_FORM = 11;

    /** Tokens before "delivered": in the short form, and two more in the long one. */
    private static final int BEFORE_NUMBERS = 4;

    private long streamSequence;
    private long consumerSequence;
    private long timestampNanos;
    private long pending;

    private int at;
    private boolean valid;

    /**
     * Reads a reply subject.
     *
     * @return whether it is one; the numbers are only meaningful if so
     */
    boolean parse(String reply) {
        if (!reply.startsWith(PREFIX)) {
            return false;
        }
        int tokens = countTokens(reply);
        if (tokens != SHORT_FORM && tokens < LONG_FORM) {
            return false;
        }
        at = 0;
        valid = true;
        skipTokens(reply, tokens == SHORT_FORM ? BEFORE_NUMBERS : BEFORE_NUMBERS + 2);
        number(reply); // how often it was delivered: once, there are no acknowledgements
        streamSequence = number(reply);
        consumerSequence = number(reply);
        timestampNanos = number(reply);
        pending = number(reply);
        return valid;
    }

    private static int countTokens(String reply) {
        int tokens = 1;
        for (int i = PREFIX.length() - 1; i < reply.length(); i++) {
            if (reply.charAt(i) == '.') {
                tokens++;
            }
        }
        // The prefix holds one more dot than the loop has seen.
        return tokens + 1;
    }

    private void skipTokens(String reply, int count) {
        for (int skipped = 0; skipped < count; skipped++) {
            at = reply.indexOf('.', at) + 1;
        }
    }

    private long number(String reply) {
        long value = 0;
        int start = at;
        int end = reply.length();
        while (at < end) {
            char c = reply.charAt(at);
            if (c == '.') {
                break;
            }
            // Nineteen digits may overflow; the server's numbers do not get there.
            if (c < '0' || c > '9' || at - start > 18) {
                valid = false;
            }
            value = value * 10 + (c - '0');
            at++;
        }
        if (at == start || value < 0) {
            valid = false;
        }
        at++;
        return value;
    }

    long streamSequence() {
        return streamSequence;
    }

    long consumerSequence() {
        return consumerSequence;
    }

    /** Store time in nanoseconds since the epoch. */
    long timestampNanos() {
        return timestampNanos;
    }

    /** How many more messages the consumer has to deliver. */
    long pending() {
        return pending;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.nio.charset.StandardCharsets;
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
 * again for every message and remembers what stands before the numbers, which is the same for all
 * messages of a consumer.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class ReplySubject {
    private static final String ACK = "$JS.ACK.";
    private static final int SHORT_FORM = 9;
    private static final int LONG_FORM = 11;

    /** Tokens before the numbers: in the short form, and two more in the long one. */
    private static final int BEFORE_NUMBERS = 4;

    /** Longer numbers than the server's; more digits could overflow. */
    private static final int MOST_DIGITS = 19;

    private byte[] text = new byte[0];
    private int at;

    private String prefix = "";
    private boolean shortForm;

    private long streamSequence;
    private long consumerSequence;
    private long timestampNanos;
    private long pending;

    /**
     * Reads a reply subject.
     *
     * @return whether it is one; the numbers are only meaningful if so
     */
    boolean parse(String reply) {
        boolean known = !prefix.isEmpty() && reply.startsWith(prefix);
        return (known && readNumbers(reply)) || (learnPrefix(reply) && readNumbers(reply));
    }

    private boolean readNumbers(String reply) {
        // One copy of the bytes is cheaper than checked access to each character.
        text = reply.getBytes(StandardCharsets.US_ASCII);
        at = prefix.length();
        long delivered = number(); // Always 1: there are no acknowledgements, so no redeliveries.
        streamSequence = number();
        consumerSequence = number();
        timestampNanos = number();
        pending = number();
        boolean allThere =
                (delivered | streamSequence | consumerSequence | timestampNanos | pending) >= 0;
        return allThere && (shortForm ? at == text.length + 1 : at <= text.length + 1);
    }

    /** Takes what stands before the numbers for the prefix, if this is a reply subject. */
    private boolean learnPrefix(String reply) {
        prefix = "";
        if (!reply.startsWith(ACK)) {
            return false;
        }
        int tokens = 1;
        for (int i = reply.indexOf('.'); i >= 0; i = reply.indexOf('.', i + 1)) {
            tokens++;
        }
        if (tokens != SHORT_FORM && tokens < LONG_FORM) {
            return false;
        }
        shortForm = tokens == SHORT_FORM;
        int end = 0;
        for (int i = 0; i < (shortForm ? BEFORE_NUMBERS : BEFORE_NUMBERS + 2); i++) {
            end = reply.indexOf('.', end) + 1;
        }
        prefix = reply.substring(0, end);
        return true;
    }

    /** The next number, negative when there is none. */
    private long number() {
        // Locals, not fields: this loop is the hottest of the fetcher thread.
        byte[] bytes = text;
        int end = bytes.length;
        int start = at;
        int i = start;
        long value = 0;
        while (i < end) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
            i++;
        }
        at = i + 1;
        boolean isNumber = i > start && i - start <= MOST_DIGITS && (i == end || bytes[i] == '.');
        return isNumber && value >= 0 ? value : -1;
    }

    /** What stands before the numbers: an acknowledgement is sent to it. */
    String prefix() {
        return prefix;
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

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
 * messages of a consumer. Each thread that reads has one of its own.
 */
@Internal
@OwnedBy({ThreadRole.NATS, ThreadRole.FETCHER})
public final class ReplySubject {
    private static final byte[] ACK = "$JS.ACK.".getBytes(StandardCharsets.US_ASCII);
    private static final int SHORT_FORM = 9;
    private static final int LONG_FORM = 11;

    /** Tokens before the numbers: in the short form, and two more in the long one. */
    private static final int BEFORE_NUMBERS = 4;

    /** Longer numbers than the server's; more digits could overflow. */
    private static final int MOST_DIGITS = 19;

    private byte[] prefix = new byte[0];
    private boolean shortForm;

    private byte[] text = prefix;
    private int at;
    private int end;

    private long streamSequence;
    private long consumerSequence;
    private long timestampNanos;
    private long pending;

    /**
     * Reads a reply subject.
     *
     * @return whether it is one; the numbers are only meaningful if so
     */
    public boolean parse(String reply) {
        byte[] bytes = reply.getBytes(StandardCharsets.US_ASCII);
        return parse(bytes, 0, bytes.length);
    }

    /** As {@link #parse(String)}, from a part of what was received. */
    public boolean parse(byte[] bytes, int from, int to) {
        text = bytes;
        end = to;
        boolean known = prefix.length > 0 && startsWith(prefix, from);
        boolean read = (known && readNumbers(from)) || (learnPrefix(from) && readNumbers(from));
        text = prefix; // What was received is not ours to keep.
        return read;
    }

    private boolean startsWith(byte[] beginning, int from) {
        return end - from >= beginning.length
                && Arrays.equals(
                        beginning, 0, beginning.length, text, from, from + beginning.length);
    }

    private boolean readNumbers(int from) {
        at = from + prefix.length;
        long delivered = number(); // Always 1: there are no acknowledgements, so no redeliveries.
        streamSequence = number();
        consumerSequence = number();
        timestampNanos = number();
        pending = number();
        boolean allThere =
                (delivered | streamSequence | consumerSequence | timestampNanos | pending) >= 0;
        return allThere && (shortForm ? at == end + 1 : at <= end + 1);
    }

    /** Takes what stands before the numbers for the prefix, if this is a reply subject. */
    private boolean learnPrefix(int from) {
        prefix = new byte[0];
        if (!startsWith(ACK, from)) {
            return false;
        }
        int tokens = 1;
        for (int i = from; i < end; i++) {
            tokens += text[i] == '.' ? 1 : 0;
        }
        if (tokens != SHORT_FORM && tokens < LONG_FORM) {
            return false;
        }
        shortForm = tokens == SHORT_FORM;
        int left = shortForm ? BEFORE_NUMBERS : BEFORE_NUMBERS + 2;
        int i = from;
        while (left > 0) {
            left -= text[i++] == '.' ? 1 : 0;
        }
        prefix = Arrays.copyOfRange(text, from, i);
        return true;
    }

    /** The next number, negative when there is none. */
    private long number() {
        // Locals, not fields: this loop is among the hottest.
        byte[] bytes = text;
        int to = end;
        int start = at;
        int i = start;
        long value = 0;
        while (i < to) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
            i++;
        }
        at = i + 1;
        boolean isNumber = i > start && i - start <= MOST_DIGITS && (i == to || bytes[i] == '.');
        return isNumber && value >= 0 ? value : -1;
    }

    /** What stands before the numbers: an acknowledgement is sent to it. */
    public String prefix() {
        return new String(prefix, StandardCharsets.US_ASCII);
    }

    public long streamSequence() {
        return streamSequence;
    }

    public long consumerSequence() {
        return consumerSequence;
    }

    /** Store time in nanoseconds since the epoch. */
    public long timestampNanos() {
        return timestampNanos;
    }

    /** How many more messages the consumer has to deliver. */
    public long pending() {
        return pending;
    }
}

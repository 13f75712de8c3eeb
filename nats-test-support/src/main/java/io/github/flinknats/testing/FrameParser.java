// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one direction of a NATS connection into frames. Gives back every byte it was fed. What is
 * not the protocol is an error of the test (TLS, say), so no {@code IOException}.
 */
final class FrameParser {

    private static final int CRLF = 2;

    /** The server allows 4 KiB; INFO and CONNECT are longer. */
    private static final int LONGEST_LINE = 1 << 20;

    private byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;

    /** Where to look for the end of the line: what lies before was searched already. */
    private int searched;

    void feed(byte[] bytes, int length) {
        if (to + length > buffer.length) {
            int pending = to - from;
            byte[] target =
                    pending + length > buffer.length
                            ? new byte[Math.max(2 * buffer.length, pending + length)]
                            : buffer;
            System.arraycopy(buffer, from, target, 0, pending);
            buffer = target;
            searched -= from;
            from = 0;
            to = pending;
        }
        System.arraycopy(bytes, 0, buffer, to, length);
        to += length;
    }

    /** The next frame that is complete, or null. */
    @Nullable Frame next() {
        int end = lineEnd();
        if (end < 0) {
            if (to - from > LONGEST_LINE) {
                throw new IllegalStateException(
                        "not the NATS protocol (encrypted?): no end of line");
            }
            return null;
        }
        String line = new String(buffer, from, end - from, StandardCharsets.ISO_8859_1).trim();
        String[] words = line.split("[ \t]+");
        int headersLength = 0;
        int total = end + CRLF - from;
        switch (words[0].toUpperCase(Locale.ROOT)) {
            case "HMSG":
            case "HPUB":
                headersLength = number(words, words.length - 2);
                total += number(words, words.length - 1) + CRLF;
                break;
            case "MSG":
            case "PUB":
                total += number(words, words.length - 1) + CRLF;
                break;
            default:
                break;
        }
        if (to - from < total) {
            return null;
        }
        if (buffer[from + total - 2] != '\r' || buffer[from + total - 1] != '\n') {
            throw new IllegalStateException(
                    "not the NATS protocol: the payload is longer than " + line);
        }
        byte[] bytes = Arrays.copyOfRange(buffer, from, from + total);
        int headersAt = end + CRLF - from;
        from += total;
        searched = from;
        return Frame.of(words, bytes, headersAt, headersLength);
    }

    private int lineEnd() {
        for (int i = searched; i + 1 < to; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                searched = i;
                return i;
            }
        }
        searched = Math.max(from, to - 1);
        return -1;
    }

    private static int number(String[] words, int index) {
        try {
            return Integer.parseInt(words[index]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalStateException("not the NATS protocol: " + String.join(" ", words), e);
        }
    }
}

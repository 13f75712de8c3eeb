// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * What stands before the payload of a message: a status, with which the server answers instead of a
 * message, and headers. Anybody may have written it, in any language: values are UTF-8, and what is
 * no header block is refused by one kind of exception.
 */
@Internal
public final class HeaderBlock {
    public static final HeaderBlock NONE = new HeaderBlock(0, "", Headers.empty());

    private static final byte[] VERSION = "NATS/1.0".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_DIGITS = 9;
    private static final int HEARTBEAT = 100;

    private final int code;
    private final String text;
    private final Headers headers;

    private HeaderBlock(int code, String text, Headers headers) {
        this.code = code;
        this.text = text;
        this.headers = headers;
    }

    /** What somebody else has read; the code is 0 without a status. */
    public static HeaderBlock of(int code, String text, Headers headers) {
        return new HeaderBlock(code, text, headers);
    }

    /**
     * Reads a block as it was sent.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static HeaderBlock parse(byte[] block) {
        for (int i = 0; i < VERSION.length; i++) {
            if (i >= block.length || block[i] != VERSION[i]) {
                throw unreadable("they do not begin with NATS/1.0");
            }
        }
        int end = lineEnd(block, VERSION.length);
        String status = text(block, VERSION.length, end);
        int blank = status.indexOf(' ');
        String code = blank < 0 ? status : status.substring(0, blank);
        if (code.length() > MOST_DIGITS || !code.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw unreadable("their status is no number");
        }
        return new HeaderBlock(
                code.isEmpty() ? 0 : Integer.parseInt(code),
                blank < 0 ? "" : status.substring(blank + 1).trim(),
                headers(block, end + 2));
    }

    private static Headers headers(byte[] block, int from) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        int at = from;
        while (at < block.length) {
            int end = lineEnd(block, at);
            if (end == at) {
                break;
            }
            int colon = at;
            while (colon < end && block[colon] != ':') {
                colon++;
            }
            if (colon == at || colon == end) {
                throw unreadable("a line of them has no name");
            }
            all.computeIfAbsent(
                            new String(block, at, colon - at, StandardCharsets.UTF_8),
                            name -> new ArrayList<>(1))
                    .add(text(block, colon + 1, end));
            at = end + 2;
        }
        return Headers.of(all);
    }

    private static int lineEnd(byte[] block, int from) {
        for (int i = from; i + 1 < block.length; i++) {
            if (block[i] == '\r' && block[i + 1] == '\n') {
                return i;
            }
        }
        throw unreadable("a line of them has no end");
    }

    /** Without the blanks around it. */
    private static String text(byte[] block, int from, int to) {
        int first = from;
        int end = to;
        while (first < end && isBlank(block[first])) {
            first++;
        }
        while (first < end && isBlank(block[end - 1])) {
            end--;
        }
        return new String(block, first, end - first, StandardCharsets.UTF_8);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static IllegalArgumentException unreadable(String why) {
        return new IllegalArgumentException("The headers cannot be read: " + why + ".");
    }

    /** The status, 0 for none. */
    public int code() {
        return code;
    }

    /** Whether the server says only that it is there. */
    public boolean isHeartbeat() {
        return code == HEARTBEAT;
    }

    /** What the status says, empty without one. */
    public String text() {
        return text;
    }

    public Headers headers() {
        return headers;
    }

    /** The number that a header holds, 0 when it holds none. */
    public long number(String header) {
        String value = headers.first(header);
        try {
            return value == null ? 0 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}

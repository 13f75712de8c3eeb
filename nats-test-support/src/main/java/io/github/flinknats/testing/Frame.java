// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One operation of the NATS protocol as it was on the wire, with its payload. */
final class Frame {

    private static final String HEADER_VERSION = "NATS/1.0";
    private static final int STATUS_DIGITS = 3;

    private final String operation;
    private final String subject;
    private final int status;
    private final byte[] bytes;

    private Frame(String operation, String subject, int status, byte[] bytes) {
        this.operation = operation;
        this.subject = subject;
        this.status = status;
        this.bytes = bytes;
    }

    /** Of the control line's words and all bytes; headers begin after the control line. */
    static Frame of(String[] words, byte[] bytes, int headersAt, int headersLength) {
        String operation = words[0].toUpperCase(Locale.ROOT);
        switch (operation) {
            case "MSG":
            case "PUB":
            case "SUB":
            case "HPUB":
                return new Frame(operation, words[1], 0, bytes);
            case "HMSG":
                String headers =
                        new String(bytes, headersAt, headersLength, StandardCharsets.ISO_8859_1);
                return new Frame(operation, words[1], status(headers), bytes);
            default:
                return new Frame(operation, "", 0, bytes);
        }
    }

    /** The code in "NATS/1.0 409 Consumer Deleted"; 0 for headers of a plain message. */
    private static int status(String headers) {
        int from = HEADER_VERSION.length() + 1;
        int to = from + STATUS_DIGITS;
        if (!headers.startsWith(HEADER_VERSION + " ") || headers.length() < to) {
            return 0;
        }
        String code = headers.substring(from, to);
        return code.chars().allMatch(Character::isDigit) ? Integer.parseInt(code) : 0;
    }

    /**
     * The operation, seen as a test sees it: MSG and PUB with headers or without, STATUS for a
     * message that only carries a status.
     */
    String kind() {
        switch (operation) {
            case "HPUB":
                return "PUB";
            case "HMSG":
                return status == 0 ? "MSG" : "STATUS";
            default:
                return operation;
        }
    }

    /** Whether this is a kind ("MSG"), an exact operation ("HMSG") or a status code ("409"). */
    boolean is(String what) {
        return kind().equals(what)
                || operation.equals(what)
                || (status != 0 && Integer.toString(status).equals(what));
    }

    /** Subject of a message, publication or subscription, else empty. */
    String subject() {
        return subject;
    }

    int status() {
        return status;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return operation + " " + subject + (status == 0 ? "" : " " + status);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import java.util.Locale;

/**
 * Makes text from the network, from rows or from libraries fit for messages and logs: one line,
 * without characters that steer a terminal or change the direction of reading.
 */
public final class Printable {
    private static final int LONGEST_QUOTE = 200;
    private static final int LONGEST = 5_000;

    private Printable() {}

    /** The text on one line, with what cannot be printed written as in Java, and not endless. */
    public static String of(String text) {
        return of(text, LONGEST);
    }

    /** As {@link #of}, and short: for what is quoted within a message. */
    public static String quote(String text) {
        return of(text, LONGEST_QUOTE);
    }

    private static String of(String text, int longest) {
        int end = Math.min(text.length(), longest);
        int good = 0;
        while (good < end && isPrintable(text.charAt(good))) {
            good++;
        }
        if (good == text.length()) {
            return text;
        }
        StringBuilder result = new StringBuilder(end + 8).append(text, 0, good);
        for (int i = good; i < end; i++) {
            char c = text.charAt(i);
            if (isPrintable(c)) {
                result.append(c);
            } else {
                result.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return end < text.length() ? result.append('…').toString() : result.toString();
    }

    private static boolean isPrintable(char c) {
        if (c >= ' ' && c <= '~') {
            return true; // Most of them.
        }
        switch (Character.getType(c)) {
            case Character.CONTROL:
            case Character.FORMAT:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
                return false;
            default:
                return true;
        }
    }
}

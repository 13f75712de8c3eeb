// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import io.github.flinknats.subject.Printable;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What headers can be sent: they are lines of ASCII, so a line break in one would be a line of its
 * own.
 */
@Internal
public final class HeaderRules {
    private static final char FIRST_OF_NAMES = '!';
    private static final char LAST_OF_NAMES = '~';
    private static final char LAST_OF_VALUES = 0x7F;

    private HeaderRules() {}

    /** What keeps these headers from being sent, as a sentence; null when nothing does. */
    public static @Nullable String problem(Headers headers) {
        for (Map.Entry<String, List<String>> header : headers.asMap().entrySet()) {
            String name = header.getKey();
            if (!isName(name)) {
                return "The header name '"
                        + Printable.quote(name)
                        + "' is empty, or has characters other than letters, digits and signs of"
                        + " ASCII without blanks and colons.";
            }
            for (String value : header.getValue()) {
                if (!isValue(value)) {
                    return "A value of the header '"
                            + Printable.quote(name)
                            + "' has a line break, or a character that is not ASCII.";
                }
            }
        }
        return null;
    }

    /** Whether the text can be the name of a header. */
    public static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isOfNames(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** The text as the name of a header: what cannot be in one is replaced. */
    public static String asName(String text) {
        StringBuilder name = new StringBuilder(text);
        for (int i = 0; i < name.length(); i++) {
            if (!isOfNames(name.charAt(i))) {
                name.setCharAt(i, '_');
            }
        }
        return text.isEmpty() ? "_" : name.toString();
    }

    private static boolean isOfNames(char c) {
        return c >= FIRST_OF_NAMES && c <= LAST_OF_NAMES && c != ':';
    }

    /** Whether the text can be the value of a header. */
    public static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > LAST_OF_VALUES || c == '\r' || c == '\n') {
                return false;
            }
        }
        return true;
    }
}

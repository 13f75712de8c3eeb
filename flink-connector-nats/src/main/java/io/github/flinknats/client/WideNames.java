// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;

/**
 * Names with other characters than ASCII. The client can send them, and read subjects as UTF-8,
 * only in a mode that costs a seventh of its time for every message; so that mode is for streams
 * whose name needs it, and in the fast mode subjects are decoded here, when somebody asks for one.
 */
@Internal
public final class WideNames {
    private static final char LAST_ASCII = 0x7F;

    private WideNames() {}

    /** Whether the name has a character that is not ASCII. */
    public static boolean isWide(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > LAST_ASCII) {
                return true;
            }
        }
        return false;
    }

    /** A subject as it was meant, from one that the fast mode made of one character per byte. */
    public static String decode(String subject) {
        if (!isWide(subject)) {
            return subject;
        }
        byte[] bytes = new byte[subject.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) subject.charAt(i);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.HeaderRules;
import io.github.flinknats.record.Headers;
import io.github.flinknats.record.NatsRecord;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.annotation.Internal;

/**
 * Makes the dead letter of a message: its payload, its headers, and what happened.
 *
 * <p>A stream obeys headers named {@code Nats-…}: one may delete the stream's other messages,
 * another have the letter refused. Those of the message are therefore renamed to {@code
 * Flink-Original-Nats-…}, and so are those of an earlier dead letter. The id of the letter is made
 * of what identifies the message, so that a letter that is sent again after a restart is stored
 * once, within the stream's window for duplicates. Whoever wrote the message may have written its
 * headers to do harm: what cannot be sent is replaced, and what is too much is left out.
 */
@Internal
final class DeadLetter {
    private static final String RENAMED = "Flink-Original-";
    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';

    /** A server takes 64 KiB of headers; ours are among them. */
    private static final int MOST_BYTES = 48 << 10;

    private DeadLetter() {}

    static OutgoingMessage of(NatsRecord message, String subject, String reason) {
        return new OutgoingMessage(subject, headers(message, reason), message.payload().clone());
    }

    static Headers headers(NatsRecord message, String reason) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        int room = MOST_BYTES;
        for (Map.Entry<String, List<String>> header : readable(message).asMap().entrySet()) {
            String name = HeaderRules.asName(header.getKey());
            List<String> values =
                    header.getValue().stream()
                            .map(DeadLetter::sendable)
                            .collect(Collectors.toList());
            room -= values.stream().mapToInt(value -> name.length() + value.length() + 3).sum();
            if (room < 0) {
                put(headers, "Flink-Headers-Left-Out", "true");
                break;
            }
            headers.merge(
                    isReserved(name) ? RENAMED + name : name,
                    values,
                    (one, other) ->
                            Stream.concat(one.stream(), other.stream())
                                    .collect(Collectors.toList()));
        }
        put(headers, "Flink-Error", reason);
        put(headers, "Flink-Stream", message.stream());
        put(headers, "Flink-Sequence", String.valueOf(message.sequence()));
        put(headers, "Flink-Subject", message.subject());
        put(headers, "Flink-Timestamp", message.timestamp().toString());
        put(
                headers,
                NatsRecord.MESSAGE_ID_HEADER,
                message.stream() + ':' + message.sequence() + ':' + message.timestamp());
        return Headers.of(headers);
    }

    /** Without headers when they are what is wrong with the message. */
    private static Headers readable(NatsRecord message) {
        try {
            return message.headers();
        } catch (IllegalArgumentException e) {
            return Headers.empty();
        }
    }

    private static boolean isReserved(String name) {
        String low = name.toLowerCase(Locale.ROOT);
        return low.startsWith("nats-") || low.startsWith("flink-");
    }

    private static void put(Map<String, List<String>> headers, String name, String value) {
        headers.put(name, Collections.singletonList(ascii(value)));
    }

    /** The client sends headers of ASCII only, though others send what they like. */
    private static String sendable(String value) {
        return HeaderRules.isValue(value) ? value : ascii(value);
    }

    /** Headers are lines of ASCII: line breaks become blanks, other characters their codes. */
    static String ascii(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE) {
                line.append(c);
            } else if (c < FIRST_PRINTABLE) {
                line.append(' ');
            } else {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return line.toString().trim();
    }
}

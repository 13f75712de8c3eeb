// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What a stream answers to a message: where it is stored, or why it is not. The common answer,
 * {@code {"stream":"ORDERS","seq":17}} with or without a space, is read without a JSON parser.
 */
@Internal
public final class PublishAck {
    private static final byte[] START = bytes("{\"stream\":\"");
    private static final byte[] SEQUENCE = bytes("\"seq\":");
    private static final int MOST_DIGITS = 18;

    private final String stream;
    private final long sequence;
    private final String domain;
    private final boolean duplicate;
    private final @Nullable Refusal refusal;

    private PublishAck(
            String stream,
            long sequence,
            String domain,
            boolean duplicate,
            @Nullable Refusal refusal) {
        this.stream = stream;
        this.sequence = sequence;
        this.domain = domain;
        this.duplicate = duplicate;
        this.refusal = refusal;
    }

    /**
     * Reads an answer.
     *
     * @throws IllegalArgumentException when it is not one of a stream
     */
    public static PublishAck parse(byte[] answer) {
        PublishAck plain = plain(answer);
        return plain == null ? any(answer) : plain;
    }

    private static @Nullable PublishAck plain(byte[] answer) {
        if (!continues(answer, 0, START)) {
            return null;
        }
        int nameEnd = START.length;
        while (nameEnd < answer.length && answer[nameEnd] != '"') {
            if (answer[nameEnd] == '\\') {
                return null;
            }
            nameEnd++;
        }
        int at = nameEnd + 1;
        if (nameEnd == START.length || at >= answer.length || answer[at] != ',') {
            return null;
        }
        at = pastSpaces(answer, at + 1);
        if (!continues(answer, at, SEQUENCE)) {
            return null;
        }
        at = pastSpaces(answer, at + SEQUENCE.length);
        int digits = at;
        long sequence = 0;
        while (at < answer.length && answer[at] >= '0' && answer[at] <= '9') {
            sequence = sequence * 10 + (answer[at] - '0');
            at++;
        }
        boolean whole = at == answer.length - 1 && answer[at] == '}';
        if (!whole || sequence == 0 || at - digits > MOST_DIGITS) {
            return null;
        }
        String stream =
                new String(answer, START.length, nameEnd - START.length, StandardCharsets.UTF_8);
        return new PublishAck(stream, sequence, "", false, null);
    }

    private static int pastSpaces(byte[] answer, int from) {
        int at = from;
        while (at < answer.length && answer[at] == ' ') {
            at++;
        }
        return at;
    }

    private static boolean continues(byte[] answer, int from, byte[] expected) {
        if (answer.length - from < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (answer[from + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static PublishAck any(byte[] answer) {
        JsonValue json;
        try {
            json = JsonParser.parse(answer);
        } catch (JsonParseException | RuntimeException e) {
            // The parser meets some texts with an exception of another kind.
            throw new IllegalArgumentException("it is not JSON", e);
        }
        String stream = JsonValueUtils.readString(json, "stream", "");
        JsonValue error = JsonValueUtils.readValue(json, "error");
        if (error != null) {
            return new PublishAck(
                    stream,
                    0,
                    "",
                    false,
                    new Refusal(
                            JsonValueUtils.readInteger(error, "code", 0),
                            JsonValueUtils.readInteger(error, "err_code", 0),
                            JsonValueUtils.readString(error, "description", "no reason given")));
        }
        long sequence = JsonValueUtils.readLong(json, "seq", 0);
        if (sequence <= 0 || stream.isEmpty()) {
            throw new IllegalArgumentException("it names neither a sequence nor an error");
        }
        return new PublishAck(
                stream,
                sequence,
                JsonValueUtils.readString(json, "domain", ""),
                JsonValueUtils.readBoolean(json, "duplicate"),
                null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Why the message is not stored, or null when it is. */
    public @Nullable Refusal refusal() {
        return refusal;
    }

    /** The stream that answered; may be empty in a refusal. */
    public String stream() {
        return stream;
    }

    /** Where the message is stored, or was when the first copy of it came. */
    public long sequence() {
        return sequence;
    }

    /** The JetStream domain of the stream, empty if it has none. */
    public String domain() {
        return domain;
    }

    /** Whether a message of the same id was stored before. */
    public boolean isDuplicate() {
        return duplicate;
    }

    /** A stream's error. */
    @Internal
    public static final class Refusal {
        private final int code;
        private final int errorCode;
        private final String description;

        private Refusal(int code, int errorCode, String description) {
            this.code = code;
            this.errorCode = errorCode;
            this.description = description;
        }

        /** The class of the error, as in HTTP. */
        public int code() {
            return code;
        }

        /** The server's {@code err_code}. */
        public int errorCode() {
            return errorCode;
        }

        public String description() {
            return description;
        }
    }
}

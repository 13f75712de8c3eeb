// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.client.StateFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/** Texts and bytes in the state of a sink, each with its length in four bytes in front. */
@Internal
public final class CommitBytes {
    private CommitBytes() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** How many bytes a text takes, with its length. */
    public static int size(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) > 0x7F) {
                return Integer.BYTES + bytes(text).length;
            }
        }
        return Integer.BYTES + length;
    }

    /** How many bytes headers take, without their number. */
    static long size(Map<String, List<String>> headers) {
        long size = 0;
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            size += size(header.getKey()) + Integer.BYTES;
            for (String value : header.getValue()) {
                size += size(value);
            }
        }
        return size;
    }

    static void writeHeaders(Map<String, List<String>> headers, ByteBuffer out) {
        out.putInt(headers.size());
        if (headers.isEmpty()) {
            return;
        }
        headers.forEach(
                (name, values) -> {
                    writeText(name, out);
                    out.putInt(values.size());
                    values.forEach(value -> writeText(value, out));
                });
    }

    public static void writeText(String text, ByteBuffer out) {
        write(bytes(text), out);
    }

    static void write(byte[] bytes, ByteBuffer out) {
        out.putInt(bytes.length);
        out.put(bytes);
    }

    /**
     * Reads a text.
     *
     * @throws IOException when it is none
     */
    public static String readText(ByteBuffer in) throws IOException {
        byte[] text = new byte[readSize(in)];
        in.get(text);
        return StateFailures.text(text);
    }

    static String readText(byte[] bytes, int at) {
        return new String(bytes, at + Integer.BYTES, readInt(bytes, at), StandardCharsets.UTF_8);
    }

    static byte[] readBytes(byte[] bytes, int at) {
        int from = at + Integer.BYTES;
        return Arrays.copyOfRange(bytes, from, from + readInt(bytes, at));
    }

    static int readInt(byte[] bytes, int at) {
        return bytes[at] << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | (bytes[at + 3] & 0xFF);
    }

    static void skip(ByteBuffer in) throws IOException {
        int size = readSize(in);
        in.position(in.position() + size);
    }

    /**
     * Reads a number of bytes, or of things of at least a byte.
     *
     * @throws IOException when the rest of the bytes cannot hold them
     */
    public static int readSize(ByteBuffer in) throws IOException {
        return StateFailures.size(in.getInt(), in.remaining());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Looks through what the client sends on one connection. It learns the numbers of subscriptions
 * from the {@code SUB} and {@code UNSUB} lines, and opens {@link Parcel}s. Whatever it does not
 * understand it leaves alone: a subscription that is not known here gets its messages from the
 * client.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
final class FrameSubscriptions {
    private static final int NONE = -1;

    private final FrameRoutes routes;
    // Replaced whole by the writing thread, which learns of a subscription before the server does.
    private volatile Map<Long, FrameSink> byNumber = new HashMap<>();

    FrameSubscriptions(FrameRoutes routes) {
        this.routes = routes;
    }

    /**
     * Reads what is about to be sent: whole lines, each with its payload. Writing thread.
     *
     * @return how many bytes are left to send, now at the front
     * @throws IllegalStateException when a parcel is not whole
     */
    int onWrite(byte[] bytes, int length) {
        int at = 0;
        int left = 0;
        while (at < length) {
            int end = endOfLine(bytes, at, length);
            int begin = at;
            int next = end == NONE ? length : end + 2;
            switch (end == NONE ? 0 : bytes[at]) {
                case 'S':
                    onSub(text(bytes, at, end));
                    break;
                case 'U':
                    onUnsub(text(bytes, at, end));
                    break;
                case 'P':
                case 'H':
                    next = afterPayload(bytes, at, end);
                    if (Parcel.isAt(bytes, at, end)) {
                        checkEnd(bytes, next, length);
                        begin = end + 2;
                    }
                    break;
                default:
                    break;
            }
            next = Math.min(length, next);
            if (left != begin) {
                System.arraycopy(bytes, begin, bytes, left, next - begin);
            }
            left += next - begin;
            at = next;
        }
        return left;
    }

    private static void checkEnd(byte[] bytes, int end, int length) {
        boolean whole = end <= length && bytes[end - 2] == '\r' && bytes[end - 1] == '\n';
        if (!whole) {
            throw new IllegalStateException("The client does not send whole messages");
        }
    }

    private static int endOfLine(byte[] bytes, int from, int to) {
        for (int i = from; i + 1 < to; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return NONE;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** PUB and HPUB end with their size; PING and PONG have none. */
    private static int afterPayload(byte[] bytes, int from, int end) {
        int start = end;
        while (start > from && bytes[start - 1] != ' ') {
            start--;
        }
        long size = FrameReader.number(bytes, start, end);
        return size < 0 ? end + 2 : (int) Math.min(Integer.MAX_VALUE, end + 2 + size + 2);
    }

    /** {@code SUB subject [queue] number}. */
    private void onSub(String line) {
        String[] words = line.split(" ");
        if (words.length != 3 || !words[0].equals("SUB")) {
            return;
        }
        FrameSink sink = routes.find(words[1]);
        long number = number(words[2]);
        if (sink != null && number > 0) {
            Map<Long, FrameSink> more = new HashMap<>(byNumber);
            more.put(number, sink);
            byNumber = more;
        }
    }

    /** {@code UNSUB number}. */
    private void onUnsub(String line) {
        String[] words = line.split(" ");
        if (words.length == 2
                && words[0].equals("UNSUB")
                && byNumber.containsKey(number(words[1]))) {
            Map<Long, FrameSink> fewer = new HashMap<>(byNumber);
            fewer.remove(number(words[1]));
            byNumber = fewer;
        }
    }

    private static long number(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        return FrameReader.number(bytes, 0, bytes.length);
    }

    /** Who takes the messages of a subscription, null when it is the client. Reading thread. */
    @Nullable FrameSink find(long number) {
        return byNumber.get(number);
    }

    /** Changes with the subscriptions, so that what was found can be kept for as long. */
    Object version() {
        return byNumber;
    }
}

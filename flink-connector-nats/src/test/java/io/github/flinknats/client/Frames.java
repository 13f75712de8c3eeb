// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.nio.charset.StandardCharsets;

/** Frames for tests of what takes them. */
public final class Frames {
    private Frames() {}

    /** As if it had come off the wire; an empty reply subject or header block stands for none. */
    public static Frame of(String subject, String reply, String headers, String payload) {
        byte[] before = bytes("MSG " + subject + " 7 ");
        byte[] line = bytes("MSG " + subject + " 7 " + reply + " 1\r\n");
        int end = bytes("MSG " + subject).length;
        int replyStart = reply.isEmpty() ? end : before.length;
        Frame frame = new Frame();
        frame.line(line, new int[] {4, end, replyStart, replyStart + bytes(reply).length});
        frame.body(headers.isEmpty() ? null : bytes(headers), bytes(payload));
        return frame;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

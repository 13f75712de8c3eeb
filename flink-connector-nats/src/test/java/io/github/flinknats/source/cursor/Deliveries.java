// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.Frame;
import io.github.flinknats.client.Frames;
import io.github.flinknats.client.ReplySubject;
import java.nio.charset.StandardCharsets;

/** Messages of a stream for tests of what holds them. */
final class Deliveries {
    private Deliveries() {}

    static Delivery of(String subject, String payload, long sequence, long nanos) {
        return of(subject, "", payload, sequence, nanos);
    }

    /** An empty header block stands for none. */
    static Delivery of(String subject, String headers, String payload, long sequence, long nanos) {
        String reply = "$JS.ACK.ORDERS.c.1." + sequence + "." + sequence + "." + nanos + ".0";
        Frame frame = Frames.of(subject, reply, headers, payload);
        return Delivery.of(frame, subject.getBytes(StandardCharsets.UTF_8), new ReplySubject());
    }
}

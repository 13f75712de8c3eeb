// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.Frame;
import io.github.flinknats.client.FrameSink;
import io.github.flinknats.client.ReplySubject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * Makes deliveries of the messages of one consumer as they come off the wire, and hands over those
 * of one read together: the fetcher thread is woken once for some hundred messages.
 */
@Internal
@OwnedBy(ThreadRole.NATS)
final class FrameIntake implements FrameSink {
    private static final int FIRST_SIZE = 64;

    private final Inbox inbox;
    private final Receiver receiver;
    private final ReplySubject reply = new ReplySubject();
    private byte[] lastSubject = new byte[0];
    private boolean prefixTold;
    private List<Delivery> read = new ArrayList<>(FIRST_SIZE);

    /** Takes what was read. */
    interface Receiver {
        /** Fetcher thread. */
        void receive(List<Delivery> deliveries, long now);

        /** Fetcher thread, before the first message: where acknowledgements of it are sent to. */
        default void learn(String ackPrefix) {}
    }

    FrameIntake(Inbox inbox, Receiver receiver) {
        this.inbox = inbox;
        this.receiver = receiver;
    }

    @Override
    public void onFrame(Frame frame) {
        Delivery delivery = Delivery.of(frame, subjectOf(frame), reply);
        if (!prefixTold && delivery.isPositioned()) {
            String prefix = reply.prefix();
            inbox.post(() -> receiver.learn(prefix));
            prefixTold = true;
        }
        read.add(delivery);
    }

    /** Messages in a row often have one subject, and then share its bytes. */
    private byte[] subjectOf(Frame frame) {
        byte[] line = frame.line();
        int from = frame.subjectStart();
        int to = frame.subjectEnd();
        if (!Arrays.equals(lastSubject, 0, lastSubject.length, line, from, to)) {
            lastSubject = Arrays.copyOfRange(line, from, to);
        }
        return lastSubject;
    }

    @Override
    public void onReadDone() {
        List<Delivery> done = read;
        read = new ArrayList<>(Math.max(FIRST_SIZE, done.size()));
        inbox.post(() -> receiver.receive(done, Clock.millis()));
    }
}

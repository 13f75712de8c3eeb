// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.Frame;
import io.github.flinknats.client.FrameSink;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.ReplySubject;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the messages of a scan come to. They are taken off the wire: the client gives a connection
 * up when a message has headers that it cannot read, and takes a status of the user's for one of
 * the server's.
 */
@OwnedBy(ThreadRole.ANY)
final class ScanIntake implements FrameSink, AutoCloseable {
    private final NatsClient client;
    private final String inbox;
    private final BlockingQueue<ScannedMessage> messages = new LinkedBlockingQueue<>();
    private final ReplySubject reply = new ReplySubject();
    private final Dispatcher dispatcher;

    /** Listens. */
    ScanIntake(NatsClient client) {
        this.client = client;
        this.inbox = client.connection().createInbox();
        this.dispatcher = client.connection().createDispatcher(this::onMessage);
        dispatcher.setPendingLimits(0, 0); // A pull is the limit; nothing may be dropped.
        client.routes().add(inbox, this);
        dispatcher.subscribe(inbox);
    }

    String inbox() {
        return inbox;
    }

    @Nullable ScannedMessage poll(Duration limit) throws InterruptedException {
        return messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Reading thread. */
    @Override
    public void onFrame(Frame frame) {
        messages.add(ScannedMessage.of(frame, reply));
    }

    @Override
    public void onReadDone() {}

    /** Dispatcher's thread, where frames do not come off the wire. */
    private void onMessage(Message message) {
        messages.add(ScannedMessage.of(message, reply));
    }

    @Override
    public void close() {
        if (dispatcher.isActive()) {
            client.connection().closeDispatcher(dispatcher);
        }
        client.routes().remove(inbox);
    }
}

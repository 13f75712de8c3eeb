// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The fastest loop that the client allows without touching its insides: publishes without waiting,
 * one subscription counts the acknowledgements, a window bounds what is in flight. A refusal ends
 * it; nothing is ever sent again.
 */
final class WriteLoop implements WriteRival {
    private static final int WINDOW = 4_000; // As the sink's default.

    @Override
    public String name() {
        return "plain jnats loop";
    }

    @Override
    @SuppressWarnings("try")
    public void write(WriteRun run) throws Exception {
        Options options = new Options.Builder().server(run.url()).build();
        try (Connection connection = Nats.connect(options)) {
            String inbox = connection.createInbox();
            Acks acks = new Acks();
            Dispatcher dispatcher = connection.createDispatcher(acks::onAck);
            dispatcher.setPendingLimits(0, 0);
            dispatcher.subscribe(inbox);
            String subject = run.subject();
            long messages = run.messages();
            for (long sent = 0; sent < messages; sent++) {
                if (sent - acks.count >= WINDOW) {
                    acks.await(sent - WINDOW * 3 / 4);
                }
                connection.publish(subject, inbox, run.payload(sent));
            }
            acks.await(messages);
        }
    }

    private static final class Acks {
        private volatile long count;
        private long counted;
        private volatile boolean refused;

        /** One thread. */
        void onAck(Message answer) {
            byte[] data = answer.getData();
            if (data.length < 3 || data[2] != 's') { // {"stream":…, else {"error":… or nothing
                refused = true;
            }
            count = ++counted;
        }

        void await(long wanted) {
            while (count < wanted) {
                if (refused) {
                    throw new IllegalStateException("a message was refused");
                }
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
            }
        }
    }
}

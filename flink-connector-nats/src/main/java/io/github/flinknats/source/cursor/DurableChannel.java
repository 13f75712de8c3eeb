// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.FrameSink;
import io.github.flinknats.client.NatsClient;
import io.nats.client.Dispatcher;
import io.nats.client.MessageHandler;
import io.nats.client.Subscription;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes to and comes from a durable consumer over one client. Messages and confirmations come
 * by one subscription, so that they keep their order: a message that the server sent again before
 * it saw the acknowledgement arrives before the confirmation.
 *
 * <p>An acknowledgement goes to the subject that a message came with as its reply (ADR-15): what
 * counts in it is the stream sequence, and where a delivery is given back the consumer sequence.
 */
@Internal
final class DurableChannel {
    private static final Logger LOG = LoggerFactory.getLogger(DurableChannel.class);
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IN_PROGRESS = "+WPI".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOT_ACKNOWLEDGED = "-NAK".getBytes(StandardCharsets.US_ASCII);

    /** Stands before the sequence in the reply subject of an acknowledgement. */
    private static final char CONFIRMATION = 'a';

    private final NatsClient client;
    private final Target target;
    private final Dispatcher dispatcher;
    private final String replies;
    private final Subscription subscription;

    private DurableChannel(
            NatsClient client,
            Target target,
            Dispatcher dispatcher,
            String replies,
            Subscription subscription) {
        this.client = client;
        this.target = target;
        this.dispatcher = dispatcher;
        this.replies = replies;
        this.subscription = subscription;
    }

    /**
     * Listens.
     *
     * @param handler gets what the sink does not
     * @param sink gets what is taken off the wire
     */
    static DurableChannel open(
            NatsClient client,
            Dispatcher dispatcher,
            String stream,
            String consumer,
            MessageHandler handler,
            FrameSink sink) {
        String replies = client.connection().createInbox() + '.';
        client.routes().add(replies + '*', sink);
        return new DurableChannel(
                client,
                new Target(stream, consumer),
                dispatcher,
                replies,
                dispatcher.subscribe(replies + '*', handler));
    }

    boolean isOf(NatsClient other) {
        return client == other;
    }

    /** Throws when the server has forbidden to ask for messages, or to acknowledge them. */
    void checkAllowed(@Nullable String ackPrefix) {
        client.streams().checkPull(target.stream, target.consumer);
        if (ackPrefix != null) {
            client.streams().checkAcknowledge(target.stream, ackPrefix);
        }
    }

    void pull(CursorCommand command, CursorSettings settings) {
        send(
                () ->
                        client.streams()
                                .pull(
                                        target.stream,
                                        target.consumer,
                                        replies + command.number(),
                                        PullConsumer.body(command, settings)));
    }

    /** The confirmation comes as a message; {@link #acknowledged} reads it. */
    void acknowledge(String prefix, long sequence) {
        String replyTo = replies + CONFIRMATION + sequence;
        send(() -> client.connection().publish(subject(prefix, sequence, 0), replyTo, ACK));
    }

    void report(String prefix, long sequence) {
        send(() -> client.connection().publish(subject(prefix, sequence, 0), IN_PROGRESS));
    }

    void giveBack(String prefix, long sequence, long consumerSequence) {
        String subject = subject(prefix, sequence, consumerSequence);
        send(() -> client.connection().publish(subject, NOT_ACKNOWLEDGED));
    }

    /** What cannot be sent is noticed by what does not come, and sent again. */
    private static void send(Runnable publish) {
        try {
            publish.run();
        } catch (IllegalStateException e) {
            LOG.debug("The connection is going away, or its queue is full", e);
        }
    }

    /** A first delivery, with neither time nor backlog: none of it is looked at. */
    private static String subject(String prefix, long sequence, long consumerSequence) {
        return prefix + "1." + sequence + '.' + consumerSequence + ".0.0";
    }

    /** The sequence whose acknowledgement a message confirms, or 0 if it is another message. */
    static long acknowledged(String subject, @Nullable DurableChannel channel) {
        if (channel == null
                || !subject.startsWith(channel.replies)
                || subject.charAt(channel.replies.length()) != CONFIRMATION) {
            return 0;
        }
        return Long.parseLong(subject.substring(channel.replies.length() + 1));
    }

    void close() {
        if (subscription.isActive()) {
            try {
                dispatcher.unsubscribe(subscription);
            } catch (IllegalStateException e) {
                LOG.debug("The subscription went away with its connection", e);
            }
        }
        client.routes().remove(replies + '*');
    }

    private static final class Target {
        private final String stream;
        private final String consumer;

        Target(String stream, String consumer) {
            this.stream = stream;
            this.consumer = consumer;
        }
    }
}

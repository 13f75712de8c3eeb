// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher's connection: sends messages with a reply subject that says which message of which
 * attempt is answered, and listens for all of them on one subscription.
 */
@Internal
@OwnedBy(ThreadRole.PUBLISHER)
final class PublishLink {
    private static final Logger LOG = LoggerFactory.getLogger(PublishLink.class);
    private static final long RETRY_MILLIS = 250;

    private final ConnectionSettings settings;
    private final PublishFailures failures;
    private final boolean wideNames;
    private final boolean acknowledged;
    private final Listener listener;

    /** Those of the connection in use; an old one is not heard any more. */
    private final AtomicReference<@Nullable ConnectionEvents> events = new AtomicReference<>();

    private @Nullable NatsClient client;
    private String replies = "";
    private @Nullable CompletableFuture<?> lookUp;
    private long retryAt = Long.MIN_VALUE;

    PublishLink(
            ConnectionSettings settings,
            PublishFailures failures,
            boolean wideNames,
            boolean acknowledged,
            Listener listener) {
        this.settings = settings;
        this.failures = failures;
        this.wideNames = wideNames;
        this.acknowledged = acknowledged;
        this.listener = listener;
    }

    /** Hears of the connection and of the answers, on any thread: it may not block. */
    interface Listener {
        void onUp();

        void onDown(String reason, @Nullable NatsFailure cause);

        /** Nothing can be published at all. */
        void onFailure(NatsFailure failure);

        /**
         * A message is stored.
         *
         * @param again whether it was before, under the same id
         */
        void onStored(long number, int attempt, boolean again);

        /**
         * A message is not stored.
         *
         * @param why makes the failure, given the subject
         */
        void onRefused(long number, int attempt, Function<String, NatsFailure> why);

        /** A message was not stored, because nobody listens to its subject. */
        void onNobody(long number, int attempt);
    }

    /** Connects when there is no connection. Blocks for as long as that takes. */
    void ensureConnected(long now) {
        NatsClient current = client;
        if (current != null && current.connection().getStatus() == Connection.Status.CLOSED) {
            client = null;
            current = null;
        }
        if (current != null || now < retryAt) {
            return;
        }
        NatsClient made;
        ConnectionEvents heard = new ConnectionEvents();
        events.set(heard);
        try {
            made = NatsClient.connectOnce(settings, heard, wideNames);
        } catch (NatsFailure e) {
            retryAt = Publisher.now() + RETRY_MILLIS;
            if (e.isRetriable()) {
                listener.onDown(e.sentence(), e);
            } else {
                listener.onFailure(e);
            }
            return;
        }
        client = made;
        replies = made.connection().createInbox() + '.';
        try {
            Dispatcher dispatcher = made.connection().createDispatcher();
            dispatcher.setPendingLimits(0, 0); // The window is the limit; nothing may be dropped.
            dispatcher.subscribe(replies + "*.*", this::onAnswer);
        } catch (IllegalStateException e) {
            return; // Closed again already: so the next look at it will find.
        }
        listener.onUp();
    }

    /** Hands a message to the client. May wait until the client has room for it. */
    void send(PublishWindow.InFlight inFlight) {
        OutgoingMessage message = inFlight.message();
        NatsClient current = client;
        if (current == null) {
            return; // It went meanwhile; the next attempt sends again.
        }
        try {
            Headers headers = headers(message);
            long size =
                    message.payload().length + (headers == null ? 0L : headers.serializedLength());
            long limit = current.connection().getServerInfo().getMaxPayload();
            if (limit > 0 && size > limit) {
                refuse(inFlight, subject -> failures.tooLarge(subject, size, limit));
                return;
            }
            current.connection()
                    .publish(
                            NatsMessage.builder()
                                    .subject(message.subject())
                                    .replyTo(acknowledged ? reply(inFlight) : null)
                                    .headers(headers)
                                    .data(message.payload())
                                    .build());
            if (!acknowledged && checkTaken(current) == null) {
                listener.onStored(inFlight.number(), inFlight.attempt(), false);
            }
        } catch (IllegalStateException e) {
            // Closed, or its queue stays full because the server does not read.
            refuse(inFlight, subject -> failures.interrupted(subject, e));
        } catch (IllegalArgumentException e) {
            refuse(inFlight, subject -> failures.unsendable(subject, e));
        }
    }

    private void refuse(PublishWindow.InFlight message, Function<String, NatsFailure> why) {
        listener.onRefused(message.number(), message.attempt(), why);
    }

    private static @Nullable Headers headers(OutgoingMessage message) {
        Map<String, List<String>> all = message.headers().asMap();
        if (all.isEmpty()) {
            return null;
        }
        Headers headers = new Headers();
        all.forEach((name, values) -> headers.add(name, values));
        return headers;
    }

    private String reply(PublishWindow.InFlight message) {
        return replies + message.attempt() + '.' + message.number();
    }

    /** Client thread. */
    private void onAnswer(Message answer) {
        String to = answer.getSubject();
        int dot = to.lastIndexOf('.');
        long number = Long.parseLong(to.substring(dot + 1));
        int attempt = Integer.parseInt(to.substring(to.lastIndexOf('.', dot - 1) + 1, dot));
        if (answer.isStatusMessage()) {
            listener.onNobody(number, attempt); // 503, the only status that is sent here.
            return;
        }
        PublishAck ack;
        try {
            ack = PublishAck.parse(answer.getData());
        } catch (IllegalArgumentException e) {
            listener.onRefused(number, attempt, subject -> failures.garbled(subject, e));
            return;
        }
        PublishAck.Refusal refusal = ack.refusal();
        if (refusal == null) {
            listener.onStored(number, attempt, ack.isDuplicate());
        } else {
            listener.onRefused(
                    number,
                    attempt,
                    subject ->
                            failures.refused(
                                    subject,
                                    refusal.code(),
                                    refusal.errorCode(),
                                    refusal.description()));
        }
    }

    /**
     * Nobody listens to a subject: when no stream carries it, that is for good. A server that does
     * not say leaves it open, and trying goes on.
     */
    void lookUp(String subject) {
        NatsClient current = client;
        CompletableFuture<?> running = lookUp;
        // Behind a domain or an imported API may be other streams than those that the subject
        // meets.
        boolean elsewhere = !settings.client().apiPrefix().equals("$JS.API");
        if (current == null || elsewhere || (running != null && !running.isDone())) {
            return;
        }
        lookUp =
                current.streams()
                        .namesCarrying(subject)
                        .thenAccept(
                                names -> {
                                    if (names.isEmpty()) {
                                        listener.onFailure(failures.noStream(subject));
                                    }
                                });
    }

    /** The missing permission that explains why nobody answers on a subject, or null. */
    @Nullable String violation(String subject) {
        NatsClient current = client;
        return current == null ? null : current.violation(subject);
    }

    /**
     * Where nothing is acknowledged, has the server take what was sent, if it can be reached.
     *
     * @return why it does not take it, or null
     */
    @Nullable NatsFailure handOver() {
        NatsClient current = client;
        if (current == null || acknowledged) {
            return null;
        }
        try {
            current.connection().flush(settings.timeouts().request());
        } catch (TimeoutException | IllegalStateException e) {
            LOG.warn("The NATS server did not confirm that it took all messages", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        }
        return checkTaken(current);
    }

    /** A missing permission is the only thing that the server says without being asked. */
    private @Nullable NatsFailure checkTaken(NatsClient current) {
        String violation = current.violationOfPublishing();
        if (violation == null) {
            return null;
        }
        String subject = violation.replaceAll("(?s)[^\"]*\"([^\"]*)\".*", "$1");
        NatsFailure failure = failures.forbidden(subject, violation);
        listener.onFailure(failure);
        return failure;
    }

    void close() {
        NatsClient current = client;
        client = null;
        if (current != null) {
            current.close();
        }
    }

    /** Client thread. */
    private final class ConnectionEvents implements NatsClient.Listener {
        @Override
        public void up() {} // Never: a connection that broke is closed.

        @Override
        public void down() {
            if (events.get() == this) {
                listener.onDown("the connection broke", null);
            }
        }

        @Override
        public void closed() {
            down();
        }
    }
}

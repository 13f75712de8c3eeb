// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ByteText;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.Parcel;
import io.github.flinknats.client.PublishFailures;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Parcel parcel = new Parcel();
    private final List<PublishWindow.InFlight> packed = new ArrayList<>();
    private final ByteText reply = new ByteText(64);
    private final ByteText block = new ByteText(64);
    private String replies = "";
    private byte[] repliesBytes = new byte[0];
    private String subject = "";
    private byte[] subjectBytes = new byte[0];
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

        /** Messages are stored; the object is used again. */
        void onStored(StoredAnswers answers);

        /**
         * Streams of several JetStream domains answer: two of them may take the same message, so
         * that the answers of a group cannot be counted.
         */
        void onSeveralDomains();

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
        repliesBytes = replies.getBytes(StandardCharsets.UTF_8);
        try {
            Dispatcher dispatcher = made.connection().createDispatcher();
            dispatcher.setPendingLimits(0, 0); // The window is the limit; nothing may be dropped.
            AckIntake intake = new AckIntake(listener, failures);
            made.routes().add(replies + "*.*", intake);
            dispatcher.subscribe(replies + "*.*", intake::onMessage);
        } catch (IllegalStateException e) {
            return; // Closed again already: so the next look at it will find.
        }
        listener.onUp();
    }

    /** Hands messages to the client. May wait until the client has room for them. */
    void send(List<PublishWindow.InFlight> messages) {
        NatsClient current = client;
        if (current == null) {
            return; // It went meanwhile; the next attempt sends again.
        }
        for (PublishWindow.InFlight message : messages) {
            send(message, current);
        }
        post(current);
    }

    private void send(PublishWindow.InFlight inFlight, NatsClient current) {
        OutgoingMessage message = inFlight.message();
        try {
            Headers headers = headers(message);
            long size =
                    message.payload().length + (headers == null ? 0L : headers.serializedLength());
            long limit = current.connection().getServerInfo().getMaxPayload();
            if (limit > 0 && size > limit) {
                refuse(inFlight, subject -> failures.tooLarge(subject, size, limit));
                return;
            }
            if (current.takesParcels() && pack(inFlight, headers, current)) {
                return;
            }
            String reply = acknowledged ? replies + tail(inFlight) : null;
            current.connection().publish(message.subject(), reply, headers, message.payload());
            onSent(inFlight, current);
        } catch (IllegalStateException e) {
            // Closed, or its queue stays full because the server does not read.
            refuse(inFlight, subject -> failures.interrupted(subject, e));
        } catch (IllegalArgumentException e) {
            refuse(inFlight, subject -> failures.unsendable(subject, e));
        }
    }

    /** False when the message is too large. */
    private boolean pack(
            PublishWindow.InFlight inFlight, @Nullable Headers headers, NatsClient current) {
        OutgoingMessage message = inFlight.message();
        if (!message.subject().equals(subject)) {
            subject = message.subject();
            subjectBytes = subject.getBytes(StandardCharsets.UTF_8);
        }
        reply.clear();
        if (acknowledged) {
            reply.add(repliesBytes).add(inFlight.attempt()).add('.').add(inFlight.number());
        }
        block.clear();
        if (headers != null) {
            block.add(headers.getSerialized());
        }
        if (!parcel.add(subjectBytes, reply, block, message.payload())) {
            post(current);
            if (!parcel.add(subjectBytes, reply, block, message.payload())) {
                return false;
            }
        }
        packed.add(inFlight);
        return true;
    }

    private void post(NatsClient current) {
        try {
            current.publish(parcel);
            packed.forEach(message -> onSent(message, current));
        } catch (IllegalStateException e) {
            packed.forEach(message -> refuse(message, to -> failures.interrupted(to, e)));
        } finally {
            parcel.clear();
            packed.clear();
        }
    }

    private void onSent(PublishWindow.InFlight message, NatsClient current) {
        if (!acknowledged && checkTaken(current) == null) {
            listener.onStored(new StoredAnswers().add(message.number(), message.attempt(), false));
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

    private static String tail(PublishWindow.InFlight message) {
        return message.attempt() + "." + message.number();
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

    /** Whether anything was forbidden on this connection. */
    boolean hasViolations() {
        NatsClient current = client;
        return current != null && current.hasViolations();
    }

    /** The missing permission that explains why nobody answers on one of the subjects, or null. */
    @Nullable NatsFailure forbidden(Set<String> subjects) {
        NatsClient current = client;
        for (String to : subjects) {
            String violation = current == null ? null : current.violation(to);
            if (violation != null) {
                return failures.forbidden(to, violation);
            }
        }
        return null;
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

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.WideNames;
import io.nats.client.Dispatcher;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a reader: connects on a thread of its own, because the fetcher thread must stay
 * free to be closed, and connects anew should the client give up. What happens comes back through
 * the inbox.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class Link {
    private static final long RETRY_MILLIS = 500;

    private final ConnectionSettings settings;
    private final Inbox inbox;
    private final Owner owner;
    private final CursorListener listener;
    private final Leftovers leftovers;

    private @Nullable CompletableFuture<NatsClient> connecting;
    private @Nullable NatsClient client;
    private @Nullable Dispatcher dispatcher;
    private long retryAt = Long.MIN_VALUE;
    private boolean everUp;

    Link(ConnectionSettings settings, Inbox inbox, Owner owner, CursorListener listener) {
        this.settings = settings;
        this.inbox = inbox;
        this.owner = owner;
        this.listener = listener;
        this.leftovers = new Leftovers(inbox);
    }

    /** Hears of the connection on the fetcher thread. */
    interface Owner {
        void onUp();

        void onDown(String reason, @Nullable NatsFailure cause);

        /** Trying again would not help. */
        void onRefused(NatsFailure failure);
    }

    /** Connects, to read the stream, when there is no connection and none on its way. */
    void ensureConnected(String stream, long now) {
        if (client != null || connecting != null || now < retryAt) {
            return;
        }
        CompletableFuture<NatsClient> attempt = new CompletableFuture<>();
        connecting = attempt;
        Events events = new Events(attempt);
        CompletableFuture<?> unused =
                attempt.whenComplete(
                        (done, error) -> inbox.post(() -> onAttempt(attempt, done, error)));
        Thread thread = new Thread(() -> connect(attempt, stream, events), "flink-nats-connect");
        thread.setDaemon(true);
        thread.start();
    }

    private void connect(
            CompletableFuture<NatsClient> attempt, String stream, NatsClient.Listener listener) {
        try {
            attempt.complete(NatsClient.connect(settings, listener, WideNames.isWide(stream)));
        } catch (Throwable t) {
            attempt.completeExceptionally(t);
        }
    }

    private void onAttempt(
            CompletableFuture<NatsClient> attempt,
            @Nullable NatsClient done,
            @Nullable Throwable error) {
        if (attempt != connecting) {
            return; // Closed meanwhile; close() takes care of the connection.
        }
        connecting = null;
        if (done != null) {
            client = done;
            dispatcher = done.connection().createDispatcher();
            dispatcher.setPendingLimits(0, 0); // The credits are the limit; nothing may be dropped.
            onUp();
            return;
        }
        retryAt = Clock.millis() + RETRY_MILLIS;
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (!(cause instanceof NatsFailure)) {
            throw new IllegalStateException("Connecting to NATS failed unexpectedly", cause);
        }
        NatsFailure failure = (NatsFailure) cause;
        if (failure.isRetriable()) {
            owner.onDown(failure.sentence(), failure);
        } else {
            owner.onRefused(failure);
        }
    }

    private void onUp() {
        NatsClient current = client;
        if (current != null) {
            leftovers.retry(current);
        }
        if (everUp) {
            listener.onReconnected();
        }
        everUp = true;
        owner.onUp();
    }

    private void onClosed() {
        closeClient();
        retryAt = Clock.millis() + RETRY_MILLIS;
        NatsFailure failure = Failures.at(settings).connectionClosed("the client gave it up");
        owner.onDown(failure.sentence(), failure);
    }

    CursorListener listener() {
        return listener;
    }

    /** A consumer is of no use any more. */
    void dispose(PullConsumer consumer) {
        consumer.close(leftovers, client);
    }

    /** The client, or null while there is none. It may be reconnecting. */
    @Nullable NatsClient client() {
        return client;
    }

    @Nullable Dispatcher dispatcher() {
        return dispatcher;
    }

    private void closeClient() {
        NatsClient old = client;
        client = null;
        dispatcher = null;
        if (old != null) {
            old.close();
        }
    }

    /** Closes what is open and what may still open. */
    void close() {
        CompletableFuture<NatsClient> attempt = connecting;
        connecting = null;
        if (attempt != null) {
            CompletableFuture<?> unused = attempt.thenAccept(NatsClient::close);
        }
        closeClient();
    }

    /**
     * Brings the client's events to the fetcher thread, as long as the client is the current one.
     */
    private final class Events implements NatsClient.Listener {
        private final CompletableFuture<NatsClient> attempt;

        Events(CompletableFuture<NatsClient> attempt) {
            this.attempt = attempt;
        }

        private void post(Runnable event) {
            inbox.post(
                    () -> {
                        if (client != null && attempt.getNow(null) == client) {
                            event.run();
                        }
                    });
        }

        @Override
        public void up() {
            post(Link.this::onUp);
        }

        @Override
        public void down() {
            post(() -> owner.onDown("the connection broke", null));
        }

        @Override
        public void closed() {
            post(Link.this::onClosed);
        }
    }
}

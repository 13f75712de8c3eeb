// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConsumerSpec;
import io.github.flinknats.client.FailureKind;
import io.github.flinknats.client.FrameSink;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.source.split.NatsSplit;
import io.nats.client.Dispatcher;
import io.nats.client.MessageHandler;
import io.nats.client.Subscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One disposable consumer on the server, and the subscription that its messages come to. Its name
 * is never used again: a cluster node that comes back may bring an old consumer back to life.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class PullConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(PullConsumer.class);
    private static final int NO_PULL = -1;

    private final NatsClient client;
    private final NatsSplit split;
    private final String name;
    private final String replies;
    private @Nullable Dispatcher dispatcher;
    private @Nullable Subscription subscription;

    PullConsumer(NatsClient client, NatsSplit split) {
        this.client = client;
        this.split = split;
        this.name = "flink-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        this.replies = client.connection().createInbox() + '.';
    }

    /**
     * Listens for messages, before {@link #make}.
     *
     * @param handler gets what the sink does not
     * @param sink gets what is taken off the wire
     */
    void listen(Dispatcher listener, MessageHandler handler, FrameSink sink) {
        dispatcher = listener;
        client.routes().add(replies + '*', sink);
        subscription = listener.subscribe(replies + '*', handler);
    }

    /**
     * Makes the consumer.
     *
     * @param filters the split's, or none; a user who may only make consumers with the former gets
     *     one with those
     * @return how many messages wait for it
     */
    CompletableFuture<Long> make(CursorCommand command, List<String> filters) {
        CompletableFuture<Long> made = create(command, filters);
        if (filters.equals(split.filters())) {
            return made;
        }
        CompletableFuture<Long> result = new CompletableFuture<>();
        CompletableFuture<?> unused =
                made.whenComplete(
                        (waiting, error) -> {
                            if (isForbidden(error)) {
                                pass(create(command, split.filters()), result);
                            } else {
                                pass(made, result);
                            }
                        });
        return result;
    }

    private static <T> void pass(CompletableFuture<T> from, CompletableFuture<T> to) {
        CompletableFuture<?> unused =
                from.whenComplete(
                        (value, error) -> {
                            if (error == null) {
                                to.complete(value);
                            } else {
                                to.completeExceptionally(error);
                            }
                        });
    }

    private CompletableFuture<Long> create(CursorCommand command, List<String> filters) {
        String stream = split.stream().name();
        ConsumerSpec spec =
                command.kind() == CursorCommand.Kind.SNAPSHOT
                        ? ConsumerSpec.lastPerSubject(stream, name, filters)
                        : ConsumerSpec.fromSequence(stream, name, filters, command.sequence());
        return client.streams().createConsumer(spec);
    }

    private static boolean isForbidden(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof NatsFailure
                && ((NatsFailure) cause).kind() == FailureKind.AUTHORIZATION;
    }

    /** Asks for messages. Messages do not say which pull they answer, statuses do. */
    void pull(CursorCommand command, CursorSettings settings) {
        client.streams()
                .pull(
                        split.stream().name(),
                        name,
                        replies + command.number(),
                        body(command, settings));
    }

    /** Throws when the server has forbidden to ask for messages. */
    void checkAllowed() {
        client.streams().checkPull(split.stream().name(), name);
    }

    static String body(CursorCommand command, CursorSettings settings) {
        return "{\"batch\":"
                + command.messages()
                + ",\"max_bytes\":"
                + command.bytes()
                + ",\"expires\":"
                + settings.pullLife() * 1_000_000
                + ",\"idle_heartbeat\":"
                + settings.heartbeat() * 1_000_000
                + '}';
    }

    /** The number of the pull that a status answers, from the status' subject. */
    static int pullOf(String subject) {
        int number = 0;
        for (int i = subject.lastIndexOf('.') + 1; i < subject.length(); i++) {
            char c = subject.charAt(i);
            if (c < '0' || c > '9' || number > 100_000_000) {
                return NO_PULL;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    /** Stops listening; the consumer on the server is left over. */
    void close(Leftovers leftovers, @Nullable NatsClient current) {
        Dispatcher from = dispatcher;
        Subscription what = subscription;
        dispatcher = null;
        subscription = null;
        if (from != null && what != null && what.isActive()) {
            try {
                from.unsubscribe(what);
            } catch (IllegalStateException e) {
                LOG.debug("The subscription went away with its connection", e);
            }
        }
        client.routes().remove(replies + '*');
        leftovers.add(split.stream().name(), name, current);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.publish.Publisher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Counter;

/**
 * Publishes at once. A full window holds the task up, which goes on with its other work meanwhile;
 * a checkpoint waits until nothing is in flight. What fails while nobody waits fails the task by a
 * mail to it. Task thread.
 */
final class PublishingOutlet implements Outlet {
    private final Publisher publisher;
    private final PublishFailures failures;
    private final Duration patience;
    private final MailboxExecutor mailbox;
    private final Counter errors;

    /**
     * Starts nothing yet.
     *
     * @param patience how long a flush may take: more than the publisher itself allows
     */
    PublishingOutlet(
            Publisher publisher,
            PublishFailures failures,
            Duration patience,
            MailboxExecutor mailbox,
            Counter errors) {
        this.publisher = publisher;
        this.failures = failures;
        this.patience = patience;
        this.mailbox = mailbox;
        this.errors = errors;
        CompletableFuture<Void> unused =
                publisher
                        .failed()
                        .thenAccept(
                                failure ->
                                        mailbox.execute(
                                                () -> {
                                                    throw counted(failure);
                                                },
                                                "fail because a message cannot be written"));
    }

    private NatsFailure counted(NatsFailure failure) {
        errors.inc();
        return failure;
    }

    @Override
    public void send(OutgoingMessage message) throws InterruptedException {
        CompletableFuture<Void> room = publisher.room();
        if (!room.isDone()) {
            CompletableFuture<Void> unused =
                    room.thenRun(() -> mailbox.execute(() -> {}, "go on writing"));
            while (!room.isDone()) {
                mailbox.yield();
            }
        }
        publisher.send(message);
    }

    @Override
    public void flush() throws InterruptedException {
        try {
            publisher.flush().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw counted(
                    cause instanceof NatsFailure
                            ? (NatsFailure) cause
                            : failures.unexpected(cause == null ? e : cause));
        } catch (TimeoutException e) {
            throw counted(failures.stuck(patience));
        }
    }

    @Override
    public void close() {
        publisher.close();
    }
}

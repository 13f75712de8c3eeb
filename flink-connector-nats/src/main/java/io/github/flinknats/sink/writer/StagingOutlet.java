// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.sink.commit.CommitPreparer;
import io.github.flinknats.sink.commit.MessagePacker;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** Keeps messages until the next checkpoint. */
@OwnedBy(ThreadRole.TASK)
final class StagingOutlet implements Outlet {
    /** Flink writes all that a committer has not committed as one array of bytes. */
    static final long MOST_BYTES = 512L << 20;

    private final CommitPreparer preparer;
    private final PublishFailures failures;
    private final Counter errors;
    private final MessagePacker messages = new MessagePacker();
    private long bytes;

    /**
     * Starts to connect, so that what is wrong with the connection shows at once.
     *
     * @param started the preparer's start
     */
    StagingOutlet(
            CommitPreparer preparer,
            CompletableFuture<Void> started,
            PublishFailures failures,
            MailboxExecutor mailbox,
            Counter errors) {
        this.preparer = preparer;
        this.failures = failures;
        this.errors = errors;
        CompletableFuture<Void> unused =
                started.exceptionally(
                        error -> {
                            NatsFailure failure = failure(error);
                            if (failure != null) {
                                mailbox.execute(
                                        () -> {
                                            throw counted(failure);
                                        },
                                        "fail because nothing can be written");
                            }
                            return null;
                        });
    }

    @Override
    public void send(OutgoingMessage message) {
        messages.add(message);
        bytes += message.bytes();
        if (bytes > MOST_BYTES) {
            throw counted(CommitFailures.tooMuch(bytes, MOST_BYTES));
        }
    }

    @Override
    public void flush() {} // Messages wait for the commit.

    List<Commit> takeCommits() throws InterruptedException {
        if (messages.isEmpty()) {
            return Collections.emptyList();
        }
        bytes = 0;
        try {
            return preparer.prepare(messages.take())
                    .get(preparer.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            NatsFailure failure = failure(e);
            throw counted(failure == null ? failures.unexpected(e) : failure);
        } catch (TimeoutException e) {
            throw counted(failures.stuck(preparer.patience()));
        }
    }

    /** Null when the writer was closed. */
    private @Nullable NatsFailure failure(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CancellationException) {
            return null;
        }
        return cause instanceof NatsFailure ? (NatsFailure) cause : failures.unexpected(cause);
    }

    private NatsFailure counted(NatsFailure failure) {
        errors.inc();
        return failure;
    }

    @Override
    public void close() {
        preparer.close();
    }
}

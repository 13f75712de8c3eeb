// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A committer's connection, opened when it is needed. It does not reconnect: what was sent on a
 * connection that broke must not be sent again behind our back. All answers come to one
 * subscription; the reply subject says of what attempt and which message.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
final class CommitLink implements AutoCloseable {
    private static final Duration SLICE = Duration.ofMillis(100);

    private final ConnectionSettings settings;
    private final CommitFailures failures;
    private @Nullable NatsClient client;
    private @Nullable Subscription answers;
    private String inbox = "";
    private long attempts;

    CommitLink(ConnectionSettings settings, CommitFailures failures) {
        this.settings = settings;
        this.failures = failures;
    }

    /**
     * The connection; blocks while it is opened.
     *
     * @throws NatsFailure when no server lets us in
     */
    NatsClient client() {
        NatsClient current = client;
        if (current == null) {
            current = NatsClient.connectOnce(settings, NatsClient.Listener.NONE, true);
            client = current;
            inbox = current.connection().createInbox();
            Subscription made = current.connection().subscribe(inbox + ".>");
            made.setPendingLimits(0, 0); // What is in flight is the limit; nothing may be dropped.
            answers = made;
        }
        return current;
    }

    /** Starts an attempt: earlier answers do not count any more. */
    long nextAttempt() {
        return ++attempts;
    }

    /** Where the answer to a message of an attempt goes. */
    String reply(long attempt, int index) {
        return inbox + '.' + attempt + '.' + index;
    }

    /** Of which message an answer is; -1 when it is of another attempt. */
    static int indexOf(Message answer, long attempt) {
        String to = answer.getSubject();
        int dot = to.lastIndexOf('.');
        String before = to.substring(0, dot);
        return before.endsWith("." + attempt) ? Integer.parseInt(to.substring(dot + 1)) : -1;
    }

    /**
     * The next answer to what was sent.
     *
     * @param subject to which was published: the server may forbid it without an answer
     * @throws NatsFailure when none comes within the request timeout, or none will
     */
    Message nextAnswer(String stream, String subject) throws InterruptedException {
        Subscription from = answers;
        if (from == null) {
            throw new IllegalStateException("there is no connection");
        }
        return next(from, stream, subject);
    }

    /** As {@link #nextAnswer}, of any subscription of the connection. */
    Message next(Subscription from, String stream, String subject) throws InterruptedException {
        Duration limit = settings.timeouts().request();
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Message answer = from.nextMessage(SLICE);
            if (answer != null) {
                return answer;
            }
            NatsClient current = client();
            String violation = current.violation(subject);
            if (violation != null) {
                throw failures.publishing().forbidden(subject, violation);
            }
            if (System.nanoTime() - end > 0) {
                throw failures.silent(stream, limit);
            }
        }
    }

    /** Waits for an answer of the API, and can be interrupted. */
    <T> T await(CompletableFuture<T> answer, String stream) throws InterruptedException {
        Duration limit = settings.timeouts().request();
        try {
            return answer.get(limit.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof NatsFailure) {
                throw (NatsFailure) cause;
            }
            throw failures.publishing().unexpected(cause == null ? e : cause);
        } catch (TimeoutException e) {
            throw failures.silent(stream, limit);
        }
    }

    /** Leaves the connection, and what is still under way on it. */
    @Override
    public void close() {
        NatsClient current = client;
        client = null;
        answers = null;
        if (current != null) {
            current.close();
        }
    }
}

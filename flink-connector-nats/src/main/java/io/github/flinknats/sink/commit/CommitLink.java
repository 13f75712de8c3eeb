// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ByteText;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.nio.charset.StandardCharsets;
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
    private final ByteText reply = new ByteText(64);
    private String replyTo = "";
    private int replyLength;

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

    /**
     * Starts an attempt: earlier answers do not count any more.
     *
     * @return what the reply subjects of the attempt begin with
     */
    String nextAttempt() {
        NatsClient unused = client();
        return inbox + '.' + ++attempts + '.';
    }

    /** Where the answer to a message of an attempt goes; stands until the next call. */
    ByteText reply(String attempt, int index) {
        if (!attempt.equals(replyTo)) {
            replyTo = attempt;
            reply.clear().add(attempt.getBytes(StandardCharsets.UTF_8));
            replyLength = reply.length();
        }
        return reply.cutTo(replyLength).add(index);
    }

    /** Of which message an answer is; -1 when it is of another attempt. */
    static int indexOf(Message answer, String attempt) {
        String to = answer.getSubject();
        return to.startsWith(attempt) ? Integer.parseInt(to.substring(attempt.length())) : -1;
    }

    /**
     * The next answer to what was sent.
     *
     * @param subjects to which was published: the server may forbid them without an answer
     * @throws NatsFailure when none comes within the request timeout, or none will
     */
    Message nextAnswer(String stream, Iterable<String> subjects) throws InterruptedException {
        Subscription from = answers;
        if (from == null) {
            throw new IllegalStateException("there is no connection");
        }
        return next(from::nextMessage, stream, subjects);
    }

    /** Where something comes to. */
    interface Intake<T> {
        /** Null if nothing comes within the limit. */
        @Nullable T poll(Duration limit) throws InterruptedException;
    }

    /** As {@link #nextAnswer}, of whatever comes over the connection. */
    <T> T next(Intake<T> from, String stream, Iterable<String> subjects)
            throws InterruptedException {
        Duration limit = settings.timeouts().request();
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            T next = from.poll(SLICE);
            if (next != null) {
                return next;
            }
            checkPermissions(subjects);
            if (System.nanoTime() - end > 0) {
                throw failures.silent(stream, limit);
            }
        }
    }

    private void checkPermissions(Iterable<String> subjects) {
        NatsClient current = client();
        for (String subject : subjects) {
            String violation = current.violation(subject);
            if (violation != null) {
                throw failures.publishing().forbidden(subject, violation);
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

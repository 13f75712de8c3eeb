// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import io.github.flinknats.client.WideNames;
import io.github.flinknats.publish.PublishSettings;
import io.github.flinknats.publish.Publisher;
import io.github.flinknats.record.NatsRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.annotation.Internal;

/**
 * Sends bad records to another subject while reading goes on. A checkpoint waits until they are
 * stored, and so does the end of the input: the position never passes a record that is neither
 * emitted nor stored elsewhere. What cannot be sent fails the job. The connection is made for the
 * first bad record. Task thread.
 */
@Internal
final class DeadLetters implements AutoCloseable {
    private static final int MOST_MESSAGES = 1_000;
    private static final long MOST_BYTES = 16L << 20;

    private final String subject;
    private final Duration patience;
    private final PublishFailures failures;
    private final Publisher publisher;

    DeadLetters(ConnectionSettings connection, String subject) {
        this.subject = subject;
        // The publisher fails by itself when nothing goes on for the outage timeout.
        this.patience = connection.timeouts().outage().multipliedBy(2).plusSeconds(10);
        this.failures =
                Failures.at(connection)
                        .publishing("send a dead letter to", "scan.dead-letter.subject");
        this.publisher =
                new Publisher(
                        connection,
                        PublishSettings.of(MOST_MESSAGES, MOST_BYTES, connection.timeouts()),
                        failures,
                        WideNames.isWide(subject));
    }

    /**
     * Sends a message off.
     *
     * @throws NatsFailure when an earlier one could not be stored
     */
    void add(NatsRecord message, String reason) {
        publisher.send(DeadLetter.of(message, subject, reason));
    }

    /** Done when there is room for another one, or when sending has failed. */
    CompletableFuture<Void> room() {
        return publisher.room();
    }

    /**
     * Whether some are not stored yet.
     *
     * @throws NatsFailure when one could not be stored
     */
    boolean isPending() {
        return publisher.isPending();
    }

    /** Done when all of them are stored; fails when they cannot be. */
    CompletableFuture<Void> delivered() {
        return publisher.flush();
    }

    /**
     * Waits until all of them are stored.
     *
     * @throws NatsFailure when they cannot be
     */
    void awaitDelivered() {
        try {
            delivered().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof NatsFailure ? (NatsFailure) cause : failures.unexpected(e);
        } catch (TimeoutException e) {
            throw failures.outage(subject, patience, "dead letters are still on their way", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted(subject, e);
        }
    }

    @Override
    public void close() {
        publisher.close();
    }
}

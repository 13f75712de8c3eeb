// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.NatsClient;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.flink.annotation.Internal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that no other job writes with the same sink id now: asks on a subject of plain
 * messages, below the inbox prefix, where whoever has the id answers. Nothing is stored anywhere,
 * and a job that ends, or dies, has the id no more. Of two that ask at the same time the one with
 * the smaller token may stay.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
public final class SinkClaim {
    private static final Logger LOG = LoggerFactory.getLogger(SinkClaim.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(10);

    private final String sinkId;
    private final String job;
    private final String token = CommitMaker.randomId();

    /** Read by the client's thread. */
    private volatile boolean granted;

    /**
     * A claim of one job.
     *
     * @param job its id: of the same job an earlier attempt may still be there, and is no rival
     */
    public SinkClaim(String sinkId, String job) {
        this.sinkId = sinkId;
        this.job = job;
    }

    /**
     * Asks, and from now on answers over this connection.
     *
     * @throws io.github.flinknats.client.NatsFailure when another job has the id
     */
    void claim(NatsClient client, String inboxPrefix, CommitFailures failures) {
        Connection connection = client.connection();
        String subject = inboxPrefix + ".flink-sink." + sinkId;
        Dispatcher dispatcher = connection.createDispatcher();
        dispatcher.subscribe(subject, question -> answer(connection, question));
        String inbox = connection.createInbox();
        Subscription answers = connection.subscribe(inbox);
        try {
            connection.flush(FLUSH_LIMIT);
            connection.publish(
                    subject, inbox, (job + ' ' + token).getBytes(StandardCharsets.US_ASCII));
            Message answer = answers.nextMessage(PATIENCE);
            if (answer != null && !answer.isStatusMessage()) {
                connection.closeDispatcher(dispatcher);
                throw failures.claimed(
                        sinkId, new String(answer.getData(), StandardCharsets.US_ASCII));
            }
            String violation = client.violation(subject);
            if (violation != null) {
                LOG.warn(
                        "Whether another job writes with sink id '{}' cannot be found out: {}",
                        sinkId,
                        violation);
            }
            granted = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.publishing().interrupted(subject, e);
        } catch (TimeoutException | IllegalStateException e) {
            connection.closeDispatcher(dispatcher);
            throw failures.publishing().interrupted(subject, e);
        } finally {
            if (answers.isActive()) {
                answers.unsubscribe();
            }
        }
    }

    /** Client thread. */
    private void answer(Connection connection, Message question) {
        String[] asking = new String(question.getData(), StandardCharsets.US_ASCII).split(" ");
        String reply = question.getReplyTo();
        boolean rival = asking.length == 2 && !asking[0].equals(job);
        if (rival && reply != null && (granted || token.compareTo(asking[1]) < 0)) {
            connection.publish(reply, job.getBytes(StandardCharsets.US_ASCII));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsFailure;
import org.apache.flink.annotation.Internal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the plans of commits, one after the other. Blocks, each time with a limit. */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class CommitRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitRunner.class);

    private final ConnectionSettings connection;
    private final CommitFailures failures;
    private final CommitLink link;
    private final CommitSender sender;
    private final CommitScanner scanner;

    /**
     * Connects when there is something to commit.
     *
     * @param maxInFlight how many messages may wait for their answers, where they go one by one
     */
    public CommitRunner(ConnectionSettings connection, int maxInFlight) {
        this.connection = connection;
        this.failures = CommitFailures.at(connection);
        this.link = new CommitLink(connection, failures);
        this.sender = new CommitSender(link, failures, maxInFlight);
        this.scanner = new CommitScanner(link, failures);
    }

    /**
     * Has the messages of a commit stored.
     *
     * @param traces of the commit and those that are carried out with it
     * @param fresh whether it is certain that nobody has tried that before
     * @return how it went
     * @throws NatsFailure when they are not stored, or nobody knows
     */
    public CommitResult commit(Commit commit, CommitTraces traces, boolean fresh)
            throws InterruptedException {
        CommitPlan plan = new CommitPlan(commit, traces, fresh, connection.timeouts(), failures);
        while (true) {
            CommitCommand command = plan.poll(now());
            switch (command.step()) {
                case DONE:
                    if (!fresh || plan.retries() > 0) {
                        LOG.info(
                                "Stored {}: {} messages were there already, {} retries",
                                commit,
                                plan.recognised(),
                                plan.retries());
                    }
                    return new CommitResult(commit.size(), plan.recognised(), plan.retries());
                case FAIL:
                    throw command.failure();
                case PAUSE:
                    Thread.sleep(command.millis());
                    break;
                case BATCH:
                case SEND:
                case LOOK:
                case SCAN:
                    obey(command, commit, plan);
            }
        }
    }

    private void obey(CommitCommand command, Commit commit, CommitPlan plan)
            throws InterruptedException {
        try {
            act(command, commit, plan);
        } catch (NatsFailure e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.sentence());
            }
            link.close(); // What is still under way on it may not come behind what follows.
            LOG.warn("Committing is in trouble, step {} of {}: {}", command, commit, e.sentence());
            plan.onTrouble(e.sentence(), e, now());
        } catch (IllegalStateException e) { // The client is closed, or its queue stays full.
            link.close();
            plan.onTrouble("the connection broke", failures.interrupted(commit.stream(), e), now());
        }
    }

    private void act(CommitCommand command, Commit commit, CommitPlan plan)
            throws InterruptedException {
        switch (command.step()) {
            case BATCH:
                sender.batch(commit, command.wantsEveryAnswer(), plan);
                return;
            case SEND:
                sender.send(commit, command.places(), plan);
                return;
            case LOOK:
                plan.onStream(
                        link.await(
                                link.client().streams().target(commit.stream()), commit.stream()));
                return;
            case SCAN:
                scanner.scan(commit.stream(), command.trace());
                plan.onScanned(command.trace());
                return;
            case PAUSE:
            case DONE:
            case FAIL:
                throw new IllegalArgumentException("nothing to act on: " + command);
        }
    }

    static long now() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() {
        link.close();
    }
}

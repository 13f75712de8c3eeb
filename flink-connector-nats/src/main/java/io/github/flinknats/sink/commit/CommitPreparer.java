// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Makes commits of what a writer collected: finds out which streams the messages go to, and where
 * these stand. It does so on a thread of its own, over a connection of its own, and tries again for
 * the outage timeout.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
public final class CommitPreparer implements AutoCloseable {
    private static final long PAUSE_MILLIS = 250;
    private static final long CLOSE_MILLIS = 1_800;

    private final ConnectionSettings settings;
    private final CommitFailures failures;
    private final CommitMaker maker;
    private final StreamDirectory directory;
    private final String writer = CommitMaker.randomId();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread made = new Thread(task, "flink-nats-prepare");
                        made.setDaemon(true);
                        return made;
                    });

    /** Set by the thread, taken by whoever closes. */
    private final AtomicReference<@Nullable NatsClient> client = new AtomicReference<>();

    /** Why nothing may be prepared; only on the thread. */
    private final AtomicReference<@Nullable NatsFailure> refusal = new AtomicReference<>();

    /** Does nothing before {@link #start}. */
    public CommitPreparer(ConnectionSettings settings, String sinkId) {
        this.settings = settings;
        this.failures = CommitFailures.at(settings);
        this.maker = new CommitMaker(sinkId, writer);
        this.directory = new StreamDirectory(failures);
        LiveWriters.add(writer);
    }

    /** How long a preparation may take: longer than it goes on trying. */
    public Duration patience() {
        return settings.timeouts().outage().multipliedBy(2).plusSeconds(10);
    }

    /**
     * Connects.
     *
     * @param claim of the sink's id, or null when another subtask makes it; without it, nothing is
     *     prepared
     * @return fails with {@link NatsFailure}
     */
    public CompletableFuture<Void> start(@Nullable SinkClaim claim) {
        return submit(
                connected -> {
                    if (claim != null) {
                        claim(connected, claim);
                    }
                    return null;
                });
    }

    private void claim(NatsClient connected, SinkClaim claim) {
        try {
            claim.claim(connected, settings.client().inboxPrefix(), failures);
        } catch (NatsFailure e) {
            refusal.set(e.isRetriable() ? null : e);
            throw e;
        }
    }

    /** Makes commits, with the messages of each stream in order. */
    public CompletableFuture<List<Commit>> prepare(List<PackedMessages> messages) {
        return submit(
                connected -> {
                    NatsFailure refused = refusal.get();
                    if (refused != null) {
                        throw refused;
                    }
                    List<Commit> commits = new ArrayList<>();
                    directory
                            .sort(connected, messages)
                            .forEach(
                                    (target, own) ->
                                            own.forEach(
                                                    packed ->
                                                            commits.add(
                                                                    maker.commit(
                                                                            CommitBase.of(target),
                                                                            packed))));
                    return commits;
                });
    }

    /** Runs on the thread, with a connection, until it succeeds or the outage has lasted. */
    private <T> CompletableFuture<T> submit(Function<NatsClient, T> work) {
        return CompletableFuture.supplyAsync(() -> insist(work), thread);
    }

    private <T> T insist(Function<NatsClient, T> work) {
        long limit = settings.timeouts().outage().toNanos();
        long start = System.nanoTime();
        while (true) {
            try {
                return work.apply(connected());
            } catch (NatsFailure e) {
                if (!e.isRetriable() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (System.nanoTime() - start >= limit) {
                    throw failures.unprepared(settings.timeouts().outage(), e.sentence(), e);
                }
                pause(e);
            }
        }
    }

    private NatsClient connected() {
        NatsClient current = client.get();
        if (current == null) {
            current = NatsClient.connect(settings, NatsClient.Listener.NONE, true);
            client.set(current);
            if (Thread.currentThread().isInterrupted()) {
                closeClient();
                throw failures.publishing()
                        .interrupted("any", new InterruptedException("the sink is closed"));
            }
        }
        return current;
    }

    private static void pause(NatsFailure why) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    private void closeClient() {
        NatsClient current = client.getAndSet(null);
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() {
        LiveWriters.remove(writer);
        thread.shutdownNow();
        closeClient();
        try {
            boolean unused = thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeClient();
    }
}

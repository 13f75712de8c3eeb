// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.committer;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.sink.commit.CommitResult;
import io.github.flinknats.sink.commit.CommitRunner;
import io.github.flinknats.sink.commit.CommitTraces;
import io.github.flinknats.sink.commit.LiveWriters;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkCommitterMetricGroup;

/**
 * Has the commits of completed checkpoints stored, in the order in which they come. The first that
 * fails for good fails the job, so that no later one overtakes it.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class NatsCommitter implements Committer<Commit> {
    private final CommitRunner runner;
    private final Counter commits;
    private final Counter recognised;
    private final Counter retries;

    /** The commits that were tried here and did not succeed. */
    private final Set<String> tried = new HashSet<>();

    /** A committer that connects when there is something to commit. */
    public NatsCommitter(CommitRunner runner, SinkCommitterMetricGroup metrics) {
        this.runner = runner;
        this.commits = metrics.counter("commits");
        this.recognised = metrics.counter("recognisedRepeats");
        this.retries = metrics.counter("commitRetries");
    }

    @Override
    public void commit(Collection<CommitRequest<Commit>> requests) throws InterruptedException {
        CommitTraces traces =
                CommitTraces.of(
                        requests.stream()
                                .map(CommitRequest::getCommittable)
                                .collect(Collectors.toList()));
        for (CommitRequest<Commit> request : requests) {
            Commit commit = request.getCommittable();
            boolean fresh = LiveWriters.contains(commit.writer()) && tried.add(commit.id());
            CommitResult result = runner.commit(commit, traces, fresh);
            tried.remove(commit.id());
            commits.inc();
            recognised.inc(result.recognised());
            retries.inc(result.retries());
            if (result.isRepeat()) {
                request.signalAlreadyCommitted();
            }
        }
    }

    @Override
    public void close() {
        runner.close();
    }
}

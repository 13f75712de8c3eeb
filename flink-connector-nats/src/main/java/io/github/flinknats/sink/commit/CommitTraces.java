// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * What of commits that are carried out one after the other is found in their streams. The commits
 * of a writer's checkpoint have one base: from there on a stream is read once for all of them, and
 * not once for each, which would take forever for a large checkpoint.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class CommitTraces {
    private final Map<CommitBase, List<Commit>> commits = new HashMap<>();
    private final Map<CommitBase, CommitTrace> traces = new HashMap<>();

    private CommitTraces() {}

    /** Of commits about which nothing is known. */
    public static CommitTraces of(Collection<Commit> commits) {
        CommitTraces made = new CommitTraces();
        for (Commit commit : commits) {
            made.commits.computeIfAbsent(commit.base(), base -> new ArrayList<>()).add(commit);
        }
        return made;
    }

    /**
     * The trace of a commit and of those that share its base.
     *
     * @param upTo the last sequence that has to be read
     * @param whole whether messages of every subject have to be read
     */
    CommitTrace of(Commit commit, long upTo, boolean whole) {
        CommitTrace trace = traces.get(commit.base());
        if (trace == null || (whole && !trace.isWhole())) {
            List<Commit> sharing = commits.get(commit.base());
            if (sharing == null) {
                throw new IllegalArgumentException("not expected: " + commit);
            }
            trace = new CommitTrace(sharing, whole);
            traces.put(commit.base(), trace);
        }
        return trace.extendTo(upTo);
    }
}

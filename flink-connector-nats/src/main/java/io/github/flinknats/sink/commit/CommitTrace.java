// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What of a commit is found in its stream, while the stream is read from the commit's base on. */
@Internal
@OwnedBy(ThreadRole.TASK)
final class CommitTrace {
    private final long after;
    private final long upTo;
    private final boolean whole;
    private final Map<String, BitSet> indexes = new HashMap<>();
    private final Map<String, Integer> subjects = new HashMap<>();
    private final BitSet found = new BitSet();
    private long seen;
    private long last;

    /**
     * Nothing is found yet.
     *
     * @param upTo the last sequence that has to be read
     * @param whole whether messages of every subject are read, and not only of the commit's
     */
    CommitTrace(Commit commit, long upTo, boolean whole) {
        this.after = commit.base().lastSequence();
        this.upTo = upTo;
        this.whole = whole;
        for (int i = 0; i < commit.size(); i++) {
            indexes.computeIfAbsent(commit.messageId(i), id -> new BitSet()).set(i);
            subjects.put(commit.packed().subject(i), 0);
        }
    }

    /** Where to start. */
    long from() {
        return after + 1;
    }

    long upTo() {
        return upTo;
    }

    boolean isWhole() {
        return whole;
    }

    /** The subjects of the commit. */
    Iterable<String> subjects() {
        return subjects.keySet();
    }

    /** A message that the stream has. */
    void onMessage(long sequence, String subject, @Nullable String id) {
        if (sequence <= last) {
            return;
        }
        last = sequence;
        if (sequence <= upTo) {
            seen++;
        }
        subjects.computeIfPresent(subject, (s, count) -> count + 1);
        BitSet at = id == null ? null : indexes.get(id);
        if (at != null) {
            found.or(at);
        }
    }

    /** Whether all that has to be read was read. */
    boolean isAtEnd() {
        return last >= upTo;
    }

    /** The places of the messages that are stored. */
    BitSet found() {
        return found;
    }

    /** Whether no message between the base and the end is gone. Only if the whole was read. */
    boolean isWithoutGaps() {
        return whole && seen == upTo - after;
    }

    /** How many messages of a subject came behind the base. */
    int countOf(String subject) {
        return subjects.getOrDefault(subject, 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What of some commits is found in their stream, while the stream is read from their common base
 * on. It can be read further later: what was read once is not read again for the next commit.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
final class CommitTrace {
    private final long after;
    private final boolean whole;

    /** By what the ids of a commit's messages begin with. */
    private final Map<String, Traced> commits = new LinkedHashMap<>();

    /** The ids that rows brought, and the commits' places with each. */
    private final Map<String, Map<Traced, BitSet>> ownIds = new HashMap<>();

    private final Map<String, Integer> subjects = new HashMap<>();
    private long upTo;
    private long seen;
    private long last;

    /**
     * Nothing is found yet.
     *
     * @param commits all of one base
     * @param whole whether messages of every subject are read, and not only of the commits'
     */
    CommitTrace(Collection<Commit> commits, boolean whole) {
        this.after = commits.iterator().next().base().lastSequence();
        this.whole = whole;
        this.upTo = after;
        this.last = after;
        commits.forEach(this::add);
    }

    private void add(Commit commit) {
        Traced traced = new Traced(commit);
        commits.put(commit.idPrefix(), traced);
        for (int i = 0; i < commit.size(); i++) {
            String own = commit.ownId(i);
            if (own != null) {
                ownIds.computeIfAbsent(own, id -> new HashMap<>())
                        .computeIfAbsent(traced, each -> new BitSet())
                        .set(i);
            }
            subjects.put(commit.packed().subject(i), 0);
        }
    }

    /** Asks for more to be read: up to this sequence. */
    CommitTrace extendTo(long sequence) {
        upTo = Math.max(upTo, sequence);
        return this;
    }

    /** Where to start, or to go on. */
    long from() {
        return last + 1;
    }

    long upTo() {
        return upTo;
    }

    boolean isWhole() {
        return whole;
    }

    /** The subjects of the commits. */
    Iterable<String> subjects() {
        return subjects.keySet();
    }

    /** A message that the stream has. */
    void onMessage(long sequence, String subject, @Nullable String id) {
        if (sequence <= last) {
            return;
        }
        if (id != null) {
            find(id);
        }
        if (sequence > upTo) { // It is counted when it is read again.
            last = upTo;
            return;
        }
        last = sequence;
        seen++;
        subjects.computeIfPresent(subject, (s, count) -> count + 1);
    }

    private void find(String id) {
        ownIds.getOrDefault(id, Map.of()).forEach((traced, places) -> traced.found.or(places));
        int end = id.lastIndexOf('.') + 1;
        Traced traced = commits.get(id.substring(0, end));
        int place = traced == null ? -1 : traced.placeOf(id, end);
        if (traced != null && place >= 0) {
            traced.found.set(place);
        }
    }

    /** All that the stream has up to the end was read. */
    void onEnd() {
        last = upTo;
    }

    /** Whether all that has to be read was read. */
    boolean isAtEnd() {
        return last >= upTo;
    }

    /** The places of a commit's messages that are stored. */
    BitSet found(Commit commit) {
        Traced traced = commits.get(commit.idPrefix());
        if (traced == null) {
            throw new IllegalArgumentException("not traced: " + commit);
        }
        return (BitSet) traced.found.clone();
    }

    /** Whether no message between the base and the end is gone. Only if the whole was read. */
    boolean isWithoutGaps() {
        return whole && seen == upTo - after;
    }

    /** How many messages of a subject came behind the base. */
    int countOf(String subject) {
        return subjects.getOrDefault(subject, 0);
    }

    /** A commit and what is found of it. */
    private static final class Traced {
        private final Commit commit;
        private final BitSet found = new BitSet();

        private Traced(Commit commit) {
            this.commit = commit;
        }

        /** -1 if no message of the commit has this id. */
        private int placeOf(String id, int from) {
            int place = 0;
            for (int i = from; i < id.length() && place < commit.size(); i++) {
                char digit = id.charAt(i);
                if (digit < '0' || digit > '9') {
                    return -1;
                }
                place = 10 * place + digit - '0';
            }
            return place < commit.size() && commit.messageId(place).equals(id) ? place : -1;
        }
    }
}

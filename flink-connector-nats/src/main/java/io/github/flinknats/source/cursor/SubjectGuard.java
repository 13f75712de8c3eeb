// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.subject.SubjectFilter;
import io.github.flinknats.subject.Subjects;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Narrows a consumer to what the query can use of the split, which itself keeps its filters:
 * another query may take over from a savepoint. And leaves filters out of a consumer where they
 * would let everything pass: the server spends a fifth of its time for a message on looking whether
 * it passes. Because a stream may hold messages from a time when it listened to other subjects, and
 * may be given other subjects at any moment, each subject is then looked at here, for a fraction of
 * that.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class SubjectGuard {
    /** No message has it, so nothing is delivered and heartbeats tell how far the stream is. */
    private static final String NO_SUBJECT = "_flink.nothing";

    private final List<String> filters;
    private final boolean passesNothing;
    private final List<byte[]> patterns;

    private byte @Nullable [] lastSubject;
    private boolean lastPassed;

    /**
     * @param split the filters of the split; none means all subjects
     * @param narrowing what is wanted of them
     */
    SubjectGuard(List<String> split, Narrowing narrowing) {
        this.passesNothing = narrowing.passesNothing(split);
        this.filters =
                passesNothing ? Collections.singletonList(NO_SUBJECT) : narrowing.narrow(split);
        this.patterns =
                filters.stream()
                        .map(filter -> filter.getBytes(StandardCharsets.UTF_8))
                        .collect(Collectors.toList());
    }

    /** The filters that a consumer made now needs. */
    List<String> needed(StreamFacts facts) {
        List<String> stored = facts.shape().subjects();
        boolean allPass =
                !facts.shape().isFedByStreams()
                        && !stored.isEmpty()
                        && stored.stream().allMatch(this::isCovered);
        return allPass ? Collections.emptyList() : filters;
    }

    private boolean isCovered(String stored) {
        // What the server takes for a subject may be more than what our rules allow.
        return Subjects.filterProblem(stored) == null
                && filters.stream()
                        .anyMatch(
                                filter ->
                                        SubjectFilter.parse(filter)
                                                .covers(SubjectFilter.parse(stored)));
    }

    /** Whether a message with this subject is wanted. Messages in a row often share the array. */
    boolean passes(byte[] subject) {
        if (subject != lastSubject) {
            lastSubject = subject;
            lastPassed = !passesNothing && (patterns.isEmpty() || matchesAny(subject));
        }
        return lastPassed;
    }

    private boolean matchesAny(byte[] subject) {
        for (byte[] pattern : patterns) {
            if (matches(pattern, subject)) {
                return true;
            }
        }
        return false;
    }

    /** Wildcards are whole tokens, or the filter would have been refused. */
    private static boolean matches(byte[] pattern, byte[] subject) {
        int at = 0;
        for (byte expected : pattern) {
            if (expected == '>') {
                return at < subject.length;
            }
            if (expected == '*') {
                int start = at;
                while (at < subject.length && subject[at] != '.') {
                    at++;
                }
                if (at == start) {
                    return false;
                }
            } else if (at == subject.length || subject[at++] != expected) {
                return false;
            }
        }
        return at == subject.length;
    }
}

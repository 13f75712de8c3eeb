// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.NatsFailure;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Messages whose answers come to one reply subject, group by group: a server remembers the way to
 * some hundreds of subjects, and looking up another one costs it as much as a third of a message.
 * When all answers of a group are there, all of its messages are stored. When one is a refusal, it
 * is open which message it meant, unless all have the same subject.
 */
@OwnedBy(ThreadRole.TASK)
final class AnswerGroups {
    private final Commit commit;
    private final int size;
    private final Map<Integer, Group> open = new LinkedHashMap<>();
    private @Nullable Group last;
    private int waiting;
    private @Nullable NatsFailure refusal;
    private boolean ambiguous;

    AnswerGroups(Commit commit, int size) {
        this.commit = commit;
        this.size = size;
    }

    /** Hears which message is stored, and whether it was before. */
    interface Stored {
        void onStored(int index, boolean again);
    }

    private static final class Group {
        private final int[] members;
        private int count;
        private int answers;
        private int repeats;

        Group(int size) {
            this.members = new int[size];
        }
    }

    /** Takes a message; returns the number for its reply subject. */
    int add(int index) {
        Group group = last;
        if (group == null || group.count == size || group.answers > 0) {
            group = new Group(size);
            last = group;
            open.put(index, group);
        }
        group.members[group.count++] = index;
        waiting++;
        return group.members[0];
    }

    /** How many answers are missing. */
    int waiting() {
        return waiting;
    }

    void onStored(int number, boolean again, Stored listener) {
        Group group = open.get(number);
        if (group == null) {
            return;
        }
        waiting--;
        group.answers++;
        group.repeats += again ? 1 : 0;
        if (group.answers == group.count) {
            open.remove(number);
            for (int i = 0; i < group.count; i++) {
                listener.onStored(group.members[i], i < group.repeats);
            }
        }
    }

    /** A message is not stored: its group stays open. */
    void onRefused(int number, Function<String, NatsFailure> why) {
        Group group = open.get(number);
        if (group == null) {
            return;
        }
        waiting--;
        if (refusal == null) {
            refusal = why.apply(subject(number));
            ambiguous = subjects(group).size() > 1;
        }
    }

    /** The subject of the first message of a group. */
    String subject(int number) {
        return commit.packed().subject(number);
    }

    /** The subjects of the oldest group of which an answer is missing. */
    Iterable<String> awaited() {
        return () ->
                open.isEmpty()
                        ? Set.<String>of().iterator()
                        : subjects(open.values().iterator().next()).iterator();
    }

    private Set<String> subjects(Group group) {
        Set<String> all = new LinkedHashSet<>();
        for (int i = 0; i < group.count; i++) {
            all.add(commit.packed().subject(group.members[i]));
        }
        return all;
    }

    boolean isRefused() {
        return refusal != null;
    }

    NatsFailure refusal() {
        return Objects.requireNonNull(refusal);
    }

    /** Whether the refusal may mean another message than it names. */
    boolean isAmbiguous() {
        return ambiguous;
    }
}

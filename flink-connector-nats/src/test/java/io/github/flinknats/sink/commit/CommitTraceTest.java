// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.publish.OutgoingMessage;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitTraceTest {
    private static final CommitBase BASE =
            CommitBase.of(StreamFixtures.identity(1), 10, Commits.BEFORE, true);

    private static final Commit ONE =
            commit("ONE", BASE, Commits.message("s.a", "x"), Commits.message("s.b", "y"));
    private static final Commit TWO =
            commit(
                    "TWO",
                    BASE,
                    Commits.message("s.c", "x", "own"),
                    Commits.message("s.c", "y"),
                    Commits.message("s.a", "z", "own"));
    private static final Commit LATER =
            commit(
                    "LATER",
                    CommitBase.of(StreamFixtures.identity(1), 20, Commits.BEFORE, true),
                    Commits.message("s.a", "x"));

    private final CommitTraces traces = CommitTraces.of(List.of(ONE, TWO, LATER));

    private static Commit commit(String id, CommitBase base, OutgoingMessage... messages) {
        return Commit.of(id, "my.sink", "writer", base, PackedMessages.of(List.of(messages)));
    }

    private static BitSet places(int... places) {
        BitSet set = new BitSet();
        for (int place : places) {
            set.set(place);
        }
        return set;
    }

    @Test
    void findsTheMessagesOfAllCommitsWithTheBase() {
        CommitTrace trace = traces.of(ONE, 15, false);
        assertThat(trace.from()).isEqualTo(11);
        assertThat(trace.subjects()).containsExactlyInAnyOrder("s.a", "s.b", "s.c");
        trace.onMessage(11, "s.b", "my.sink.ONE.1");
        trace.onMessage(12, "s.c", "own");
        trace.onMessage(14, "s.c", "my.sink.TWO.1");
        assertThat(trace.isAtEnd()).isFalse();
        trace.onEnd();
        assertThat(trace.isAtEnd()).isTrue();
        assertThat(trace.found(ONE)).isEqualTo(places(1));
        assertThat(trace.found(TWO)).isEqualTo(places(0, 1, 2));
        assertThatThrownBy(() -> trace.found(LATER)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isNoMessageOfACommitWhoseIdOnlyLooksLikeIt() {
        CommitTrace trace = traces.of(TWO, 20, false);
        long sequence = 11;
        for (String id :
                List.of(
                        "my.sink.TWO.0", // That message has an id of its own.
                        "my.sink.TWO.3",
                        "my.sink.TWO.01",
                        "my.sink.TWO.-1",
                        "my.sink.TWO.99999999999",
                        "my.sink.TWO.",
                        "my.sink.TWO.x",
                        "my.sink.LATER.0",
                        "sink.TWO.1",
                        "own.",
                        "own.1",
                        ".",
                        "")) {
            trace.onMessage(sequence++, "s.a", id);
        }
        trace.onMessage(sequence, "s.a", null);
        assertThat(trace.found(ONE)).isEqualTo(places());
        assertThat(trace.found(TWO)).isEqualTo(places());
    }

    @Test
    void isReadFurtherForTheNextCommit() {
        CommitTrace trace = traces.of(ONE, 12, false);
        trace.onMessage(11, "s.a", "my.sink.ONE.0");
        trace.onEnd();
        assertThat(traces.of(TWO, 14, false)).isSameAs(trace);
        assertThat(trace.from()).isEqualTo(13);
        assertThat(trace.isAtEnd()).isFalse();
        trace.onMessage(14, "s.c", "my.sink.TWO.1");
        assertThat(trace.isAtEnd()).isTrue();
        assertThat(trace.found(ONE)).isEqualTo(places(0));
        assertThat(trace.found(TWO)).isEqualTo(places(1));
        assertThat(traces.of(LATER, 30, false).from()).isEqualTo(21);
    }

    @Test
    void isReadAgainWhenTheWholeIsWanted() {
        traces.of(ONE, 12, false).onEnd();
        CommitTrace whole = traces.of(ONE, 12, true);
        assertThat(whole.isWhole()).isTrue();
        assertThat(whole.from()).isEqualTo(11);
        assertThat(traces.of(TWO, 13, false)).isSameAs(whole);
    }

    @Test
    void countsWhatIsBehindTheBaseOnce() {
        CommitTrace trace = traces.of(ONE, 12, true);
        trace.onMessage(11, "s.a", null);
        trace.onMessage(11, "s.a", null);
        trace.onMessage(12, "s.x", null);
        assertThat(trace.isWithoutGaps()).isTrue();
        assertThat(trace.countOf("s.a")).isEqualTo(1);
        traces.of(TWO, 14, true);
        trace.onMessage(14, "s.a", null);
        assertThat(trace.isWithoutGaps()).isFalse();
        assertThat(trace.countOf("s.a")).isEqualTo(2);
    }

    /** It may be read in passing, and is read again when it is asked for. */
    @Test
    void doesNotCountWhatIsBehindTheEnd() {
        CommitTrace trace = traces.of(ONE, 12, true);
        trace.onMessage(11, "s.x", null);
        trace.onMessage(13, "s.a", "my.sink.ONE.0");
        assertThat(trace.isAtEnd()).isTrue();
        assertThat(trace.found(ONE)).isEqualTo(places(0));
        assertThat(trace.countOf("s.a")).isZero();
        assertThat(traces.of(ONE, 13, true).from()).isEqualTo(13);
        trace.onMessage(13, "s.a", "my.sink.ONE.0");
        assertThat(trace.countOf("s.a")).isEqualTo(1);
        assertThat(trace.isWithoutGaps()).isFalse();
    }
}

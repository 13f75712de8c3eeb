// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.Test;

class NatsEnumeratorTest {
    private static final NatsSplit A = split("a");
    private static final NatsSplit B = split("b");
    private static final NatsSplit C = split("c");

    private static final Planned ABC =
            Planned.of(
                    Ordering.FILTER,
                    Collections.singletonMap("ORDERS", Arrays.asList("a", "b", "c")));

    private final RecordedContext context = new RecordedContext(2);

    private static NatsSplit split(String filter) {
        return NatsSplit.of(
                StreamFixtures.identity(1),
                Collections.singletonList(filter),
                SequenceRange.from(1));
    }

    /** Of a bounded job. */
    private NatsEnumerator enumerator(EnumeratorState restored) {
        return enumerator(StopPosition.latest(), restored);
    }

    private NatsEnumerator enumerator(StopPosition stop, EnumeratorState restored) {
        return enumerator(stop, StopPosition.NO_LIMIT, restored, "a", "b", "c");
    }

    private NatsEnumerator enumerator(
            StopPosition stop, long limit, EnumeratorState restored, String... filters) {
        NatsEnumerator enumerator =
                new NatsEnumerator(
                        context,
                        ConnectionSettings.of("localhost:4222"),
                        ReadPlan.of("ORDERS", Arrays.asList(filters))
                                .withRange(StartPosition.earliest(), limited(stop, limit)),
                        ReadSettings.defaults(),
                        restored);
        enumerator.start();
        return enumerator;
    }

    private static StopPosition limited(StopPosition stop, long rows) {
        return rows == StopPosition.NO_LIMIT ? stop : stop.orAfterRows(rows);
    }

    private void register(NatsEnumerator enumerator, int reader) {
        context.register(reader);
        enumerator.addReader(reader);
    }

    private static EnumeratorState planned(NatsSplit... unassigned) {
        return EnumeratorState.of(ABC, Arrays.asList(unassigned));
    }

    private void answerPlan(NatsSplit... splits) {
        context.answerPlan(new PlannedSplits(ABC, Arrays.asList(splits)));
    }

    @Test
    void readersWaitUntilTheSplitsArePlanned() throws Exception {
        NatsEnumerator enumerator = enumerator(null);
        register(enumerator, 0);
        assertThat(context.history()).isEmpty();
        assertThat(enumerator.snapshotState(1)).isEqualTo(EnumeratorState.unplanned());

        answerPlan(A, B, C);
        assertThat(context.history()).containsExactly("0 reads a", "0 reads c", "no more for 0");
        assertThat(enumerator.snapshotState(2)).isEqualTo(planned(B));

        register(enumerator, 1);
        assertThat(context.history())
                .containsExactly(
                        "0 reads a", "0 reads c", "no more for 0", "1 reads b", "no more for 1");
        assertThat(enumerator.snapshotState(3)).isEqualTo(planned());
    }

    /** Flink leaves a reader that expects nothing more out of watermark alignment. */
    @Test
    void readersOfAnUnboundedJobMayAlwaysGetMore() throws Exception {
        NatsEnumerator enumerator = enumerator(StopPosition.never(), null);
        register(enumerator, 0);
        answerPlan(A, B);
        register(enumerator, 1);
        assertThat(context.history()).containsExactly("0 reads a", "1 reads b");
    }

    @Test
    void aReaderWithoutASplitIsToldSo() throws Exception {
        NatsEnumerator enumerator = enumerator(null);
        answerPlan(A);
        register(enumerator, 1);
        assertThat(context.history()).containsExactly("no more for 1");
    }

    @Test
    void aRestoredJobNeverPlansAgain() throws Exception {
        NatsEnumerator enumerator = enumerator(planned(A, B));
        assertThat(context.plansAsked()).isZero();
        register(enumerator, 0);
        register(enumerator, 1);
        assertThat(context.history())
                .containsExactly("0 reads a", "no more for 0", "1 reads b", "no more for 1");
    }

    @Test
    void aJobRestoredWithAllSplitsAtItsReadersGivesOutNone() throws Exception {
        NatsEnumerator enumerator = enumerator(planned());
        register(enumerator, 0);
        assertThat(context.plansAsked()).isZero();
        assertThat(context.history()).containsExactly("no more for 0");
    }

    @Test
    void aJobRestoredFromBeforeItsPlanPlans() throws Exception {
        NatsEnumerator enumerator = enumerator(EnumeratorState.unplanned());
        assertThat(context.plansAsked()).isEqualTo(1);
        register(enumerator, 0);
        answerPlan(A);
        assertThat(context.history()).containsExactly("0 reads a", "no more for 0");
    }

    @Test
    void aReaderThatFailedGetsItsSplitsBack() throws Exception {
        NatsEnumerator enumerator = enumerator(null);
        answerPlan(A, B, C);
        register(enumerator, 0);
        register(enumerator, 1);

        context.unregister(0);
        NatsSplit progressed = A.readUpTo(50, A.lastRead());
        enumerator.addSplitsBack(Arrays.asList(progressed, C), 0);
        assertThat(enumerator.snapshotState(1)).isEqualTo(planned(progressed, C));
        assertThat(context.history()).hasSize(5);

        register(enumerator, 0);
        assertThat(context.history().subList(5, 8))
                .containsExactly("0 reads a", "0 reads c", "no more for 0");
        assertThat(context.assigned(0).subList(2, 4)).containsExactly(progressed, C);
    }

    @Test
    void splitsThatComeBackAfterTheirReaderGoOutAtOnce() throws Exception {
        NatsEnumerator enumerator = enumerator(planned(A));
        register(enumerator, 0);
        enumerator.addSplitsBack(Arrays.asList(A), 0);
        assertThat(context.history())
                .containsExactly("0 reads a", "no more for 0", "0 reads a", "no more for 0");
    }

    @Test
    void aPlanThatFailsFailsTheJobAndSaysOfWhat() throws Exception {
        enumerator(null);
        RuntimeException cause = StreamFixtures.refused("no such stream");
        assertThatThrownBy(() -> context.failPlan(cause))
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessage("Cannot start to read stream ORDERS, subjects [a, b, c] of NATS")
                .hasCause(cause);
    }

    @Test
    void assignsNothingToReadersThatAreGone() throws Exception {
        NatsEnumerator enumerator = enumerator(null);
        register(enumerator, 0);
        context.unregister(0);
        answerPlan(A);
        assertThat(context.history()).isEmpty();
        assertThat(enumerator.snapshotState(1)).isEqualTo(planned(A));
    }

    @Test
    void restoredSplitsKeepTheirPositions() throws Exception {
        NatsSplit progressed = A.readUpTo(50, A.lastRead());
        NatsEnumerator enumerator = enumerator(planned(progressed));
        register(enumerator, 0);
        List<NatsSplit> expected = Arrays.asList(progressed);
        assertThat(context.assigned(0)).isEqualTo(expected);
    }

    @Test
    void plansWhatIsNewInARestoredTable() throws Exception {
        NatsEnumerator enumerator =
                enumerator(
                        StopPosition.latest(), StopPosition.NO_LIMIT, planned(A, B), "a", "c", "d");
        assertThat(context.plansAsked()).isEqualTo(1);
        register(enumerator, 0);
        register(enumerator, 1);
        assertThat(context.history()).as("not before all splits are known").isEmpty();
        assertThat(enumerator.snapshotState(1)).isEqualTo(planned(A));

        Planned now =
                Planned.of(
                        Ordering.FILTER,
                        Collections.singletonMap("ORDERS", Arrays.asList("a", "c", "d")));
        NatsSplit d = split("d");
        context.answerPlan(new PlannedSplits(now, Arrays.asList(d)));
        assertThat(context.history())
                .containsExactly("0 reads a", "no more for 0", "1 reads d", "no more for 1");
        assertThat(enumerator.snapshotState(2))
                .isEqualTo(EnumeratorState.of(now, Collections.emptyList()));
    }

    @Test
    void plansNothingOfATableWhosePastIsNotKnown() throws Exception {
        enumerator(
                StopPosition.latest(),
                StopPosition.NO_LIMIT,
                EnumeratorState.of(Planned.unknown(), Arrays.asList(A)),
                "a",
                "d");
        assertThat(context.plansAsked()).isZero();
    }

    @Test
    void endsAllReadersWhenTogetherTheyHaveEnough() throws Exception {
        NatsEnumerator enumerator = enumerator(StopPosition.never(), 10, null, "a", "b", "c");
        register(enumerator, 0);
        register(enumerator, 1);
        enumerator.handleSourceEvent(0, new RowsEmitted(4));
        enumerator.handleSourceEvent(1, new RowsEmitted(3));
        enumerator.handleSourceEvent(0, new RowsEmitted(6));
        assertThat(context.history()).isEmpty();
        // What a reader had emitted before it failed may come again.
        register(enumerator, 0);
        enumerator.handleSourceEvent(0, new RowsEmitted(6));
        assertThat(context.history()).isEmpty();
        enumerator.handleSourceEvent(1, new RowsEmitted(4));
        assertThat(context.history()).containsExactly("LimitReached to 0", "LimitReached to 1");
        enumerator.handleSourceEvent(1, new RowsEmitted(5));
        register(enumerator, 1);
        assertThat(context.history())
                .containsExactly("LimitReached to 0", "LimitReached to 1", "LimitReached to 1");
    }
}

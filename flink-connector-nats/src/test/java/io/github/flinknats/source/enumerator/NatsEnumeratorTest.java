// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.StreamFixtures;
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
        NatsEnumerator enumerator =
                new NatsEnumerator(
                        context,
                        ConnectionSettings.of("localhost:4222"),
                        ReadPlan.of("ORDERS", Arrays.asList("a", "b", "c"))
                                .withRange(StartPosition.earliest(), stop),
                        ReadSettings.defaults(),
                        restored);
        enumerator.start();
        return enumerator;
    }

    private void register(NatsEnumerator enumerator, int reader) {
        context.register(reader);
        enumerator.addReader(reader);
    }

    private static EnumeratorState planned(NatsSplit... unassigned) {
        return EnumeratorState.planned(Arrays.asList(unassigned));
    }

    @Test
    void readersWaitUntilTheSplitsArePlanned() throws Exception {
        NatsEnumerator enumerator = enumerator(null);
        register(enumerator, 0);
        assertThat(context.history()).isEmpty();
        assertThat(enumerator.snapshotState(1)).isEqualTo(EnumeratorState.unplanned());

        context.answerPlan(Arrays.asList(A, B, C));
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
        context.answerPlan(Arrays.asList(A, B));
        register(enumerator, 1);
        assertThat(context.history()).containsExactly("0 reads a", "1 reads b");
    }

    @Test
    void aReaderWithoutASplitIsToldSo() throws Exception {
        NatsEnumerator enumerator = enumerator(null);
        context.answerPlan(Arrays.asList(A));
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
        context.answerPlan(Arrays.asList(A));
        assertThat(context.history()).containsExactly("0 reads a", "no more for 0");
    }

    @Test
    void aReaderThatFailedGetsItsSplitsBack() throws Exception {
        NatsEnumerator enumerator = enumerator(null);
        context.answerPlan(Arrays.asList(A, B, C));
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
        context.answerPlan(Arrays.asList(A));
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
}

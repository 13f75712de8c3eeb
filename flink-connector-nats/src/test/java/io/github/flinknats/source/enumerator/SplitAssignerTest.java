// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitAssignerTest {
    private static final List<NatsSplit> SEVEN = splits(0, 7);

    private static List<NatsSplit> splits(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(
                        i ->
                                NatsSplit.of(
                                        StreamFixtures.identity(1),
                                        Collections.singletonList("f" + i),
                                        SequenceRange.from(1)))
                .collect(Collectors.toList());
    }

    private static List<NatsSplit> pick(int... indexes) {
        return Arrays.stream(indexes).mapToObj(SEVEN::get).collect(Collectors.toList());
    }

    @Test
    void spreadsSplitsEvenlyHoweverReadersComeUp() {
        SplitAssigner assigner = new SplitAssigner(3);
        assigner.add(SEVEN);
        assertThat(assigner.assign(2)).isEqualTo(pick(2, 5));
        assertThat(assigner.assign(0)).isEqualTo(pick(0, 3, 6));
        assertThat(assigner.assign(1)).isEqualTo(pick(1, 4));
    }

    @Test
    void goesOnInTurnWhenSplitsAreAddedLater() {
        SplitAssigner assigner = new SplitAssigner(3);
        assigner.add(pick(0));
        assigner.add(pick(1, 2));
        assertThat(assigner.assign(0)).isEqualTo(pick(0));
        assertThat(assigner.assign(1)).isEqualTo(pick(1));
        assertThat(assigner.assign(2)).isEqualTo(pick(2));
    }

    @Test
    void givesEachSplitOnce() {
        SplitAssigner assigner = new SplitAssigner(2);
        assigner.add(SEVEN);
        assertThat(assigner.assign(0)).hasSize(4);
        assertThat(assigner.assign(0)).isEmpty();
        assertThat(assigner.assign(7)).isEmpty();
    }

    @Test
    void givesBackToAReaderWhatItHad() {
        SplitAssigner assigner = new SplitAssigner(3);
        assigner.add(SEVEN);
        List<NatsSplit> lost = assigner.assign(1);
        assigner.takeBack(lost, 1);
        assertThat(assigner.assign(0)).isEqualTo(pick(0, 3, 6));
        assertThat(assigner.assign(1)).isEqualTo(lost);
    }

    @Test
    void keepsForTheCheckpointWhatNoReaderHas() {
        SplitAssigner assigner = new SplitAssigner(3);
        assigner.add(SEVEN);
        assigner.assign(0);
        assertThat(assigner.unassigned()).isEqualTo(pick(1, 4, 2, 5));
        assigner.assign(1);
        assigner.assign(2);
        assertThat(assigner.unassigned()).isEmpty();
        assigner.takeBack(pick(3), 0);
        assertThat(assigner.unassigned()).isEqualTo(pick(3));
    }

    @Test
    void spreadsAnewWhatWasUnassignedAtAnotherParallelism() {
        SplitAssigner before = new SplitAssigner(5);
        before.add(SEVEN);
        SplitAssigner after = new SplitAssigner(2);
        after.add(before.unassigned());
        assertThat(after.assign(0)).hasSize(4);
        assertThat(after.assign(1)).hasSize(3);
        assertThat(after.unassigned()).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitFitTest {

    private static NatsSplit split(String... filters) {
        return NatsSplit.of(
                        StreamFixtures.identity(1), Arrays.asList(filters), SequenceRange.from(5))
                .readUpTo(7, LastRead.of(6, 1));
    }

    private static ReadPlan plan(Ordering ordering, String... filters) {
        return ReadPlan.of(StreamFixtures.NAME, Arrays.asList(filters)).withOrdering(ordering);
    }

    private static List<NatsSplit> fit(ReadPlan plan, NatsSplit... restored) {
        return SplitFit.fit(Arrays.asList(restored), plan);
    }

    @Test
    void changesNothingWhereNothingHasChanged() {
        assertThat(fit(plan(Ordering.FILTER, "a", "b"), split("a"), split("b")))
                .containsExactly(split("a"), split("b"));
        assertThat(fit(plan(Ordering.STREAM, "a", "b"), split("a", "b")))
                .containsExactly(split("a", "b"));
        assertThat(fit(plan(Ordering.STREAM), split())).containsExactly(split());
        assertThat(fit(plan(Ordering.STREAM, ">"), split())).containsExactly(split());
    }

    @Test
    void dropsWhatIsNotWantedAnyMore() {
        assertThat(fit(plan(Ordering.FILTER, "b"), split("a"), split("b")))
                .containsExactly(split("b"));
        assertThat(fit(plan(Ordering.FILTER, "b", "c"), split("a", "b")))
                .containsExactly(split("a", "b").withFilters(Arrays.asList("b")));
        assertThat(fit(plan(Ordering.STREAM, "b", "c"), split("a", "b")))
                .containsExactly(split("a", "b").withFilters(Arrays.asList("b")));
    }

    @Test
    void dropsStreamsThatAreNotWantedAnyMore() {
        ReadPlan other = ReadPlan.of("OTHER", Collections.emptyList());
        assertThat(fit(other, split())).isEmpty();
        assertThat(fit(ReadPlan.of(null, Arrays.asList("a")), split("a")))
                .containsExactly(split("a"));
    }

    @Test
    void letsNewFiltersJoinWhereTheHistoryIsNotWanted() {
        ReadPlan latest =
                plan(Ordering.STREAM, "b", "c")
                        .withRange(StartPosition.latest(), StopPosition.never());
        assertThat(fit(latest, split("a", "b")))
                .containsExactly(split("a", "b").withFilters(Arrays.asList("b", "c")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitPlannerTest {
    private static final StreamIdentity STREAM = StreamFixtures.identity(1);
    private static final SequenceRange RANGE = SequenceRange.of(5, 100);

    private static List<NatsSplit> plan(Ordering ordering, List<String> filters) {
        return SplitPlanner.plan(STREAM, filters, ordering, RANGE);
    }

    private static NatsSplit split(String... filters) {
        return NatsSplit.of(STREAM, Arrays.asList(filters), RANGE);
    }

    @Test
    void readsAllFiltersAsOneWhereTheStreamIsTheOrder() {
        assertThat(plan(Ordering.STREAM, Arrays.asList("a", "b", "c")))
                .containsExactly(split("a", "b", "c"));
        assertThat(plan(Ordering.STREAM, Collections.emptyList())).containsExactly(split());
    }

    @Test
    void readsEachFilterOnItsOwnWhereTheFilterIsTheOrder() {
        assertThat(plan(Ordering.FILTER, Arrays.asList("a", "b", "c")))
                .containsExactly(split("a"), split("b"), split("c"));
        assertThat(plan(Ordering.FILTER, Collections.emptyList())).containsExactly(split());
    }

    @Test
    void sharesSplitsWhenThereAreManyFilters() {
        List<String> filters =
                IntStream.range(0, 2 * SplitPlanner.MOST_SPLITS + 1)
                        .mapToObj(i -> "f" + i)
                        .collect(Collectors.toList());
        List<NatsSplit> splits = plan(Ordering.FILTER, filters);

        assertThat(splits).hasSize(SplitPlanner.MOST_SPLITS);
        assertThat(splits).extracting(split -> split.filters().size()).containsOnly(2, 3);
        assertThat(splits.stream().flatMap(split -> split.filters().stream()))
                .containsExactlyInAnyOrderElementsOf(filters);
        assertThat(splits).extracting(NatsSplit::splitId).doesNotHaveDuplicates();
    }

    @Test
    void namesSplitsByWhatTheyRead() {
        assertThat(split().splitId()).isEqualTo("ORDERS");
        assertThat(split("orders.*").splitId()).isEqualTo("ORDERS:orders.*");
        assertThat(split("a", "b", "c").splitId()).startsWith("ORDERS:a+2#");
        assertThat(split("a", "b", "c").splitId()).isNotEqualTo(split("a", "b", "d").splitId());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanChangeTest {
    private static final Planned AB = planned(Ordering.FILTER, "a", "b");

    private static Planned planned(Ordering ordering, String... filters) {
        return Planned.of(ordering, Collections.singletonMap("ORDERS", Arrays.asList(filters)));
    }

    private static ReadPlan plan(Ordering ordering, String... filters) {
        return ReadPlan.of("ORDERS", Arrays.asList(filters)).withOrdering(ordering);
    }

    private static PlanChange change(Planned before, ReadPlan now) {
        return new PlanChange(now, before, Failures.at(ConnectionSettings.of("localhost:4222")));
    }

    private static void accepts(Planned before, ReadPlan now) {
        assertThat(change(before, now).isAny()).isTrue();
        assertThatCode(change(before, now)::check).doesNotThrowAnyException();
    }

    private static void refuses(Planned before, ReadPlan now, String... reasons) {
        assertThat(change(before, now).isAny()).isTrue();
        assertThatThrownBy(change(before, now)::check)
                .isInstanceOf(NatsFailure.class)
                .hasMessageContainingAll(reasons);
    }

    @Test
    void seesNoChangeWhereThereIsNone() {
        assertThat(change(AB, plan(Ordering.FILTER, "b", "a")).isAny()).isFalse();
        assertThat(change(planned(Ordering.FILTER, ">"), plan(Ordering.FILTER)).isAny()).isFalse();
        ReadPlan found = ReadPlan.of(null, Arrays.asList("a", "b"));
        assertThat(change(AB, found).isAny()).isFalse();
        assertThat(change(Planned.unknown(), plan(Ordering.STREAM, "x")).isAny()).isFalse();
    }

    @Test
    void acceptsWhatComesAndGoes() {
        accepts(AB, plan(Ordering.FILTER, "a", "c"));
        accepts(AB, plan(Ordering.FILTER, "c"));
        accepts(planned(Ordering.STREAM, "a", "b"), plan(Ordering.STREAM, "a"));
    }

    @Test
    void acceptsOtherStreams() {
        Map<String, List<String>> both = new TreeMap<>();
        both.put("ORDERS", Arrays.asList("a"));
        both.put("OLD", Arrays.asList("a"));
        accepts(
                Planned.of(Ordering.FILTER, both),
                ReadPlan.ofStreams(Arrays.asList("ORDERS", "NEW"), Arrays.asList("a")));
    }

    @Test
    void refusesFiltersOfWhichAPartHasBeenRead() {
        refuses(
                planned(Ordering.FILTER, "orders.a"),
                plan(Ordering.FILTER, "orders.*"),
                "the subjects 'orders.*' are new and overlap 'orders.a'",
                "keep 'orders.a'");
        refuses(planned(Ordering.FILTER, ">"), plan(Ordering.FILTER, "a"), "overlap '>'");
        refuses(AB, plan(Ordering.FILTER), "'>' are new and overlap 'a'");
    }

    @Test
    void refusesHistoryBehindNewerRows() {
        Planned before = planned(Ordering.STREAM, "a");
        refuses(
                before,
                plan(Ordering.STREAM, "a", "b"),
                "the older messages of [b] would come after newer ones",
                "'scan.startup.mode' = 'latest'");
        accepts(
                before,
                plan(Ordering.STREAM, "a", "b")
                        .withRange(StartPosition.latest(), StopPosition.never()));
    }

    @Test
    void refusesAnotherOrderOfSeveralSubjects() {
        refuses(AB, plan(Ordering.STREAM, "a", "b"), "'scan.ordering' was 'filter'", "set it back");
        accepts(planned(Ordering.FILTER, "a"), plan(Ordering.STREAM, "a"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.StartPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * Makes restored splits fit what is to be read now: what is not wanted any more goes. What is new
 * has splits of its own, unless all filters are read as one, in which it then joins.
 */
@Internal
public final class SplitFit {
    private static final List<String> EVERYTHING = Collections.singletonList(">");

    private SplitFit() {}

    /** The splits that are left, each with the filters that are left. */
    public static List<NatsSplit> fit(List<NatsSplit> restored, ReadPlan plan) {
        List<NatsSplit> fitting = new ArrayList<>();
        for (NatsSplit split : restored) {
            List<String> filters = filters(split, plan);
            if (!filters.isEmpty()) {
                boolean same = filters.equals(written(split.filters()));
                fitting.add(same ? split : split.withFilters(filters));
            }
        }
        return fitting;
    }

    private static List<String> filters(NatsSplit split, ReadPlan plan) {
        if (!plan.streams().isEmpty() && !plan.streams().contains(split.stream().name())) {
            return Collections.emptyList();
        }
        if (split.durable() != null) {
            return written(split.filters()); // The consumer's own, which the planner compares.
        }
        List<String> wanted = written(plan.filters());
        List<String> left = new ArrayList<>(written(split.filters()));
        left.retainAll(wanted);
        boolean joins =
                plan.ordering() == Ordering.STREAM
                        && plan.start().kind() == StartPosition.Kind.LATEST;
        return joins ? wanted : left;
    }

    private static List<String> written(List<String> filters) {
        return filters.isEmpty() ? EVERYTHING : filters;
    }
}

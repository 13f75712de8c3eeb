// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.split.GoldenSplits;
import io.github.flinknats.source.split.NatsSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The enumerator's part of {@link GoldenSplits}. */
final class GoldenEnumeratorStates {

    private GoldenEnumeratorStates() {}

    /** Those that the first version could write. */
    static Map<String, EnumeratorState> version1() {
        return of(GoldenSplits.version1());
    }

    /** Those that the second version could write. */
    static Map<String, EnumeratorState> version2() {
        return of(GoldenSplits.version2());
    }

    static Map<String, EnumeratorState> all() {
        Map<String, List<String>> filters = new TreeMap<>();
        filters.put("ORDERS", Arrays.asList("orders.*", "größe.>"));
        filters.put("ALL", Collections.singletonList(Planned.EVERYTHING));
        Map<String, EnumeratorState> states = of(GoldenSplits.all());
        states.put(
                "enumerator-planned",
                EnumeratorState.of(
                        Planned.of(Ordering.STREAM, filters),
                        new ArrayList<>(GoldenSplits.all().values())));
        return states;
    }

    private static Map<String, EnumeratorState> of(Map<String, NatsSplit> splits) {
        Map<String, EnumeratorState> states = new LinkedHashMap<>();
        states.put("enumerator-unplanned", EnumeratorState.unplanned());
        states.put(
                "enumerator-all-assigned",
                EnumeratorState.of(Planned.unknown(), Collections.emptyList()));
        states.put(
                "enumerator-unassigned",
                EnumeratorState.of(Planned.unknown(), new ArrayList<>(splits.values())));
        return states;
    }

    public static void main(String[] args) throws IOException {
        GoldenSplits.write(all(), new EnumeratorStateSerializer());
    }
}

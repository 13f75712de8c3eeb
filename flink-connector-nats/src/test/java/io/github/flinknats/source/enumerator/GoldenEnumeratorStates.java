// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.split.GoldenSplits;
import io.github.flinknats.source.split.NatsSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The enumerator's part of {@link GoldenSplits}. */
final class GoldenEnumeratorStates {

    private GoldenEnumeratorStates() {}

    static Map<String, EnumeratorState> version1() {
        return of(GoldenSplits.version1());
    }

    static Map<String, EnumeratorState> all() {
        return of(GoldenSplits.all());
    }

    private static Map<String, EnumeratorState> of(Map<String, NatsSplit> splits) {
        Map<String, EnumeratorState> states = new LinkedHashMap<>();
        states.put("enumerator-unplanned", EnumeratorState.unplanned());
        states.put("enumerator-all-assigned", EnumeratorState.planned(Collections.emptyList()));
        states.put(
                "enumerator-unassigned", EnumeratorState.planned(new ArrayList<>(splits.values())));
        return states;
    }

    public static void main(String[] args) throws IOException {
        GoldenSplits.write(all(), new EnumeratorStateSerializer());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.split.GoldenSplits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The enumerator's part of {@link GoldenSplits}. */
final class GoldenEnumeratorStates {

    private GoldenEnumeratorStates() {}

    static Map<String, EnumeratorState> all() {
        Map<String, EnumeratorState> states = new LinkedHashMap<>();
        states.put("enumerator-unplanned", EnumeratorState.unplanned());
        states.put("enumerator-all-assigned", EnumeratorState.planned(Collections.emptyList()));
        states.put(
                "enumerator-unassigned",
                EnumeratorState.planned(new ArrayList<>(GoldenSplits.all().values())));
        return states;
    }

    public static void main(String[] args) throws IOException {
        GoldenSplits.write(all(), new EnumeratorStateSerializer());
    }
}

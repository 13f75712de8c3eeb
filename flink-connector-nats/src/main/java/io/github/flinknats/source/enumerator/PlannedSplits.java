// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.split.NatsSplit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.annotation.Internal;

/** The outcome of planning: what is planned from now on, and the splits that are new. */
@Internal
final class PlannedSplits {
    private final Planned planned;
    private final List<NatsSplit> splits;

    PlannedSplits(Planned planned, List<NatsSplit> splits) {
        this.planned = planned;
        this.splits = new ArrayList<>(splits);
    }

    Planned planned() {
        return planned;
    }

    List<NatsSplit> splits() {
        return Collections.unmodifiableList(splits);
    }
}

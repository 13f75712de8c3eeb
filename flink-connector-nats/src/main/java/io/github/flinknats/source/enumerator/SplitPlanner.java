// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.client.StreamIdentity;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.annotation.Internal;

/** Cuts the filters of a stream into splits, as the scope of order allows. */
@Internal
final class SplitPlanner {
    /** Each split costs the server a consumer; a longer list of filters shares them. */
    static final int MOST_SPLITS = 256;

    private SplitPlanner() {}

    static List<NatsSplit> plan(
            StreamIdentity stream, List<String> filters, Ordering ordering, SequenceRange range) {
        switch (ordering) {
            case STREAM:
                return Collections.singletonList(NatsSplit.of(stream, filters, range));
            case FILTER:
                return filters.isEmpty()
                        ? Collections.singletonList(NatsSplit.of(stream, filters, range))
                        : perFilter(stream, filters, range);
        }
        throw new IllegalStateException("Unknown ordering " + ordering);
    }

    private static List<NatsSplit> perFilter(
            StreamIdentity stream, List<String> filters, SequenceRange range) {
        int count = Math.min(filters.size(), MOST_SPLITS);
        List<NatsSplit> splits = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            List<String> share = new ArrayList<>();
            for (int k = i; k < filters.size(); k += count) {
                share.add(filters.get(k));
            }
            splits.add(NatsSplit.of(stream, share, range));
        }
        return splits;
    }
}

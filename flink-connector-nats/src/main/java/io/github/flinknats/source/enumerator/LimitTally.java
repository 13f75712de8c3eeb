// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * Adds up what the readers of a query with LIMIT have emitted. What a reader had emitted before it
 * failed does not count: part of it may be emitted again.
 */
@Internal
@OwnedBy(ThreadRole.COORDINATOR)
final class LimitTally {
    private final long limit;
    private final Map<Integer, Long> rows = new HashMap<>();
    private boolean reached;

    LimitTally(long limit) {
        this.limit = limit;
    }

    /** The reader starts, for the first time or again. */
    void started(int reader) {
        rows.remove(reader);
    }

    /** Returns whether the limit is reached by this. */
    boolean emitted(int reader, long count) {
        rows.put(reader, count);
        long sum = rows.values().stream().mapToLong(Long::longValue).sum();
        boolean now = !reached && sum >= limit;
        reached |= now;
        return now;
    }

    boolean isReached() {
        return reached;
    }
}

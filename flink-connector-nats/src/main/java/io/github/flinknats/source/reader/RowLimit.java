// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.source.config.StopPosition;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.annotation.Internal;

/**
 * Counts records of a query with LIMIT. A reader that is restored counts from zero, so it may make
 * more records than are missing: the operator that applies the limit for good keeps its own count.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
final class RowLimit {
    private final long limit;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private long rows;
    private long told;

    RowLimit(long limit) {
        this.limit = limit;
    }

    boolean isLimited() {
        return limit != StopPosition.NO_LIMIT;
    }

    /** A record was emitted. */
    void count() {
        rows++;
        if (rows >= limit) {
            end.complete(null);
        }
    }

    /** The other readers have made what was missing. */
    void reachedByAll() {
        end.complete(null);
    }

    boolean isReached() {
        return end.isDone();
    }

    /** Completes when nothing is wanted any more. */
    CompletableFuture<Void> end() {
        return end;
    }

    /** How many rows there are when that was not told before, else -1. */
    long news() {
        if (rows == told) {
            return -1;
        }
        told = rows;
        return rows;
    }
}

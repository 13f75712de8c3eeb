// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import org.apache.flink.annotation.Internal;

/**
 * Lets so many records pass in a second, spread evenly. After a pause it makes up for at most a
 * tenth of a second. Time in nanoseconds, any origin.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
final class RateLimit {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double CATCH_UP_NANOS = 1e8;

    private final double interval;
    private final double mostSaved;
    private double saved;
    private long countedAt;

    /**
     * A limit that lets the first record pass at once.
     *
     * @param perSecond more than 0
     * @param now the time
     */
    RateLimit(double perSecond, long now) {
        this.interval = NANOS_PER_SECOND / perSecond;
        this.mostSaved = Math.max(interval, CATCH_UP_NANOS);
        this.saved = interval;
        this.countedAt = now;
    }

    /** How long until the next record may pass; 0 when it may now. */
    long waitNanos(long now) {
        saved = Math.min(mostSaved, saved + (now - countedAt));
        countedAt = now;
        return saved >= interval ? 0 : (long) Math.ceil(interval - saved);
    }

    /** A record passes. */
    void onRecord() {
        saved -= interval;
    }
}

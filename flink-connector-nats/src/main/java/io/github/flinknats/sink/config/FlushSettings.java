// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * When a buffer that keeps the last message of each subject is written: when it holds enough, after
 * some time, and always at a checkpoint. Off unless one of the two is set.
 */
@PublicEvolving
public final class FlushSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @Nullable Integer maxRows;
    private final @Nullable Duration interval;

    private FlushSettings(@Nullable Integer maxRows, @Nullable Duration interval) {
        this.maxRows = maxRows;
        this.interval = interval;
    }

    /** No buffer. */
    public static FlushSettings off() {
        return new FlushSettings(null, null);
    }

    /**
     * A copy that writes when so many messages, of as many subjects, have come together.
     *
     * @param rows at least 1
     */
    public FlushSettings withMaxRows(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException(
                    "At least one row must fit into the buffer, not " + rows + ".");
        }
        return new FlushSettings(rows, interval);
    }

    /**
     * A copy that writes after some time.
     *
     * @param time at least 1 ms
     */
    public FlushSettings withInterval(Duration time) {
        if (time.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "The interval must be at least 1 ms, not " + time + ".");
        }
        return new FlushSettings(maxRows, time);
    }

    public boolean isOn() {
        return maxRows != null || interval != null;
    }

    public @Nullable Integer maxRows() {
        return maxRows;
    }

    public @Nullable Duration interval() {
        return interval;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof FlushSettings)) {
            return false;
        }
        FlushSettings that = (FlushSettings) other;
        return Objects.equals(maxRows, that.maxRows) && Objects.equals(interval, that.interval);
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxRows, interval);
    }

    @Override
    public String toString() {
        return isOn() ? "flushed at " + maxRows + " rows or after " + interval : "no buffer";
    }
}

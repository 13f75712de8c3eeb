// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** How a stream is configured, as far as writing exactly once depends on it. */
@Internal
public final class StreamRules implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long DEFAULT_WINDOW = Duration.ofMinutes(2).toNanos();

    private final boolean atomic;
    private final Duration duplicateWindow;
    private final long mostPerSubject;
    private final long mostBytes;

    private StreamRules(
            boolean atomic, Duration duplicateWindow, long mostPerSubject, long mostBytes) {
        this.atomic = atomic;
        this.duplicateWindow = duplicateWindow;
        this.mostPerSubject = mostPerSubject;
        this.mostBytes = mostBytes;
    }

    /**
     * Rules of a stream.
     *
     * @param atomic whether it takes batches that are stored as a whole or not at all
     * @param mostPerSubject how many messages of a subject it keeps, 0 or less for all
     * @param mostBytes of one message, 0 or less for no limit
     */
    public static StreamRules of(
            boolean atomic, Duration duplicateWindow, long mostPerSubject, long mostBytes) {
        return new StreamRules(atomic, duplicateWindow, mostPerSubject, mostBytes);
    }

    static StreamRules parse(@Nullable JsonValue config) {
        return new StreamRules(
                JsonValueUtils.readBoolean(config, "allow_atomic"),
                Duration.ofNanos(
                        JsonValueUtils.readLong(config, "duplicate_window", DEFAULT_WINDOW)),
                JsonValueUtils.readLong(config, "max_msgs_per_subject", -1),
                JsonValueUtils.readLong(config, "max_msg_size", -1));
    }

    public boolean isAtomic() {
        return atomic;
    }

    /** For how long an id is remembered. */
    public Duration duplicateWindow() {
        return duplicateWindow;
    }

    /** How many messages of a subject are kept; 0 or less for all. */
    public long mostPerSubject() {
        return mostPerSubject;
    }

    /** How large a message may be; 0 or less for no limit. */
    public long mostBytes() {
        return mostBytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof StreamRules)) {
            return false;
        }
        StreamRules that = (StreamRules) other;
        return atomic == that.atomic
                && duplicateWindow.equals(that.duplicateWindow)
                && mostPerSubject == that.mostPerSubject
                && mostBytes == that.mostBytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(atomic, duplicateWindow, mostPerSubject, mostBytes);
    }

    @Override
    public String toString() {
        return (atomic ? "atomic batches, " : "")
                + "duplicates within "
                + duplicateWindow
                + ", "
                + mostPerSubject
                + " per subject, "
                + mostBytes
                + " bytes";
    }
}

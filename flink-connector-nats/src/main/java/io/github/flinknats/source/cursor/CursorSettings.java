// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.Timeouts;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.source.config.ReadSettings;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** Credits and times of a cursor; times in milliseconds. */
@Internal
public final class CursorSettings implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long LONGEST_HEARTBEAT = 2_000;
    private static final long PULL_LIFE = 30_000;
    private static final int MISSED_HEARTBEATS = 3;

    private final ReadSettings read;
    private final long requestTimeout;
    private final long outageTimeout;
    private final Narrowing narrowing;

    private CursorSettings(
            ReadSettings read, long requestTimeout, long outageTimeout, Narrowing narrowing) {
        this.read = read;
        this.requestTimeout = requestTimeout;
        this.outageTimeout = outageTimeout;
        this.narrowing = narrowing;
    }

    public static CursorSettings of(ReadSettings read, Timeouts timeouts) {
        return new CursorSettings(
                read,
                timeouts.request().toMillis(),
                timeouts.outage().toMillis(),
                Narrowing.everything());
    }

    /** A copy that leaves out what does not pass. */
    public CursorSettings withNarrowing(Narrowing passing) {
        return new CursorSettings(read, requestTimeout, outageTimeout, passing);
    }

    public ReadSettings read() {
        return read;
    }

    /** How long the server may take to answer a request. */
    long requestTimeout() {
        return requestTimeout;
    }

    /** How long recovery goes on before the cursor fails. */
    long outageTimeout() {
        return outageTimeout;
    }

    /** What is wanted of a split; the rest may be left out. */
    Narrowing narrowing() {
        return narrowing;
    }

    /** How often the server shows that a waiting pull is alive. */
    long heartbeat() {
        // A short outage limit must leave time for a consumer to show that it lives.
        return Math.max(50, Math.min(LONGEST_HEARTBEAT, outageTimeout / 5));
    }

    /** How long waiting pulls may be silent before the cursor is made again. */
    long silence() {
        return heartbeat() * MISSED_HEARTBEATS;
    }

    /** After which time the server ends a pull by itself. */
    long pullLife() {
        return PULL_LIFE;
    }

    /** How often an idle cursor compares itself with the stream. */
    long probeInterval(boolean bounded) {
        // The end of a bounded read may be noticed by nothing else.
        return bounded ? 1_000 : 30_000;
    }

    /** Most messages in a batch: four batches may be on their way, half of the credit. */
    int batchMessages() {
        return Math.max(1, read.maxMessages() / 8);
    }

    /** Most bytes in a batch, unless one message is larger. */
    long batchBytes() {
        return read.maxBytes() / 8;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof CursorSettings)) {
            return false;
        }
        CursorSettings that = (CursorSettings) other;
        return read.equals(that.read)
                && requestTimeout == that.requestTimeout
                && outageTimeout == that.outageTimeout
                && narrowing.equals(that.narrowing);
    }

    @Override
    public int hashCode() {
        return Objects.hash(read, requestTimeout, outageTimeout, narrowing);
    }

    @Override
    public String toString() {
        return read
                + ", request "
                + requestTimeout
                + " ms, outage "
                + outageTimeout
                + " ms, of which "
                + narrowing;
    }
}

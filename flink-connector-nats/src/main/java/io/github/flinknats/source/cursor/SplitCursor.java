// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.source.split.NatsSplit;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What reads one split, in one of two ways: by position, or by acknowledging. */
@Internal
public abstract class SplitCursor {
    SplitCursor() {}

    public abstract NatsSplit split();

    // ------------------------------------------------------------------ for the group

    abstract void onUp(long now);

    abstract void onDown(String reason, @Nullable NatsFailure cause, long now);

    /**
     * Does what is due. To be called after everything that arrived has been handed out.
     *
     * @throws NatsFailure when the cursor gives up
     */
    abstract void work(long now);

    /** Whether the reader has something to take. */
    abstract boolean isReady();

    /** A paused cursor takes in what it has asked for, and hands nothing over. */
    abstract void setPaused(boolean pause);

    /** Whether something must still be sent, or answered, before the connection may close. */
    boolean isUnsettled() {
        return false;
    }

    abstract void close();

    // ------------------------------------------------------------------ for the reader

    /** Messages to hand over now, or null. They count as handed over. */
    public abstract @Nullable MessageBatch take();

    /** How many messages stand behind those that were taken: here, and on the server. */
    public abstract long behind();

    /**
     * The next sequence that may be wanted, when it has moved without a message, else 0. Given out
     * only behind everything that stands before it, or a checkpoint could pass over messages.
     */
    public abstract long takeSkip();

    /** Whether everything has been read and taken. */
    public abstract boolean isFinished();
}

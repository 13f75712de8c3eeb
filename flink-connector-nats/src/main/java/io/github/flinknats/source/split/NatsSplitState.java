// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** The moving position of a split: advanced after a message's records have been emitted. */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class NatsSplitState {
    private final @Nullable AckLedger ledger;
    private NatsSplit split;
    private long next;
    private long lastSequence;
    private long lastTimestampNanos;

    public NatsSplitState(NatsSplit split) {
        this.split = split;
        DurableProgress durable = split.durable();
        this.ledger = durable == null ? null : new AckLedger(durable);
        this.next = split.range().next();
        this.lastSequence = split.lastRead().sequence();
        this.lastTimestampNanos = split.lastRead().timestampNanos();
    }

    /** All records of this message have been emitted. */
    public void emitted(long sequence, long timestampNanos) {
        if (ledger != null) {
            ledger.emitted(sequence);
            if (sequence > lastSequence) {
                lastSequence = sequence;
                lastTimestampNanos = timestampNanos;
            }
            return;
        }
        next = sequence + 1;
        lastSequence = sequence;
        lastTimestampNanos = timestampNanos;
    }

    /** Nothing that the split wants stands before this sequence any more. */
    public void skippedTo(long sequence) {
        next = Math.max(next, sequence);
    }

    /** Who is acknowledged when, or null when the split is read without acknowledging. */
    public @Nullable AckLedger ledger() {
        return ledger;
    }

    /** The stream has become another one, and reading goes on there. */
    public void movedTo(NatsSplit there) {
        split = there;
        next = there.range().next();
        lastSequence = there.lastRead().sequence();
        lastTimestampNanos = there.lastRead().timestampNanos();
    }

    public String splitId() {
        return split.splitId();
    }

    /** The sequence of the last message that was emitted; 0 before the first. */
    public long lastSequence() {
        return lastSequence;
    }

    /** What a checkpoint keeps. */
    public NatsSplit toSplit() {
        LastRead last = LastRead.of(lastSequence, lastTimestampNanos);
        return split.readUpTo(next, ledger == null ? last : last.through(ledger.progress()));
    }
}

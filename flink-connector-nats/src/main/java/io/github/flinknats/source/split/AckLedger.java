// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;

/**
 * Which acknowledgements belong to which checkpoint. A message may be acknowledged when a
 * checkpoint that was taken after its records were emitted has completed: that one, or any later
 * one, because Flink restores no other. A checkpoint that fails leaves its messages to the next.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class AckLedger {
    /**
     * Most ranges of emitted sequences that are remembered once they are acknowledged. Sequences
     * that follow one another share a range; where a filter leaves gaps, each message has its own.
     * They are needed when a server that crashed has forgotten what was acknowledged last, which it
     * writes down ten times a second.
     */
    public static final int REMEMBERED_RANGES = 16_384;

    private final DurableProgress restored;
    private final SequenceSet emitted;
    private final SequenceSet unacknowledged;
    private final TreeMap<Long, SequenceSet> byCheckpoint = new TreeMap<>();
    private SequenceSet sinceCheckpoint = new SequenceSet();

    public AckLedger(DurableProgress restored) {
        this.restored = restored;
        this.emitted = SequenceSet.of(restored.emitted());
        this.unacknowledged = SequenceSet.of(restored.unacknowledged());
    }

    /** All records of a message have been emitted. */
    public void emitted(long sequence) {
        emitted.add(sequence);
        unacknowledged.add(sequence);
        sinceCheckpoint.add(sequence);
    }

    /** A checkpoint holds everything emitted so far. */
    public void sealed(long checkpoint) {
        if (!sinceCheckpoint.isEmpty()) {
            byCheckpoint.put(checkpoint, sinceCheckpoint);
            sinceCheckpoint = new SequenceSet();
        }
    }

    /**
     * A checkpoint is complete, and with it all before.
     *
     * @return what may be acknowledged now; each message is said once
     */
    public SequenceSet completed(long checkpoint) {
        SequenceSet released = new SequenceSet();
        Map<Long, SequenceSet> covered = byCheckpoint.headMap(checkpoint, true);
        covered.values().forEach(released::addAll);
        covered.clear();
        return released;
    }

    /** The server has confirmed the acknowledgement of a message. */
    public void confirmed(long sequence) {
        unacknowledged.remove(sequence);
    }

    /** What a checkpoint keeps. */
    public DurableProgress progress() {
        emitted.forget(REMEMBERED_RANGES, unacknowledged.first());
        return restored.with(emitted.ranges(), unacknowledged.ranges());
    }
}

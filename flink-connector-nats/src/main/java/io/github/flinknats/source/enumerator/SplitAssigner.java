// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.source.split.NatsSplit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;

/**
 * Which reader gets which split. Every split has an owner from the beginning, in turn, so that
 * splits spread evenly however readers come up.
 */
@Internal
@OwnedBy(ThreadRole.COORDINATOR)
final class SplitAssigner {
    private final int parallelism;
    private final Map<Integer, List<NatsSplit>> waiting = new TreeMap<>();
    private int nextOwner;

    SplitAssigner(int parallelism) {
        this.parallelism = parallelism;
    }

    /** Splits that nobody reads yet. */
    void add(List<NatsSplit> splits) {
        for (NatsSplit split : splits) {
            giveTo(nextOwner, split);
            nextOwner = (nextOwner + 1) % parallelism;
        }
    }

    /** Splits that a failed reader had taken: they are its own again when it comes back. */
    void takeBack(List<NatsSplit> splits, int reader) {
        splits.forEach(split -> giveTo(reader, split));
    }

    private void giveTo(int reader, NatsSplit split) {
        waiting.computeIfAbsent(reader, owner -> new ArrayList<>()).add(split);
    }

    /** What the reader is to read from now on; empty when nothing waits for it. */
    List<NatsSplit> assign(int reader) {
        List<NatsSplit> splits = waiting.remove(reader);
        return splits == null ? Collections.emptyList() : splits;
    }

    /** What a checkpoint keeps: the splits that are in no reader's state. */
    List<NatsSplit> unassigned() {
        List<NatsSplit> all = new ArrayList<>();
        waiting.values().forEach(all::addAll);
        return all;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;

/** A set of stream sequences, kept as sorted ranges that neither touch nor overlap. */
@Internal
@OwnedBy({ThreadRole.FETCHER, ThreadRole.TASK})
public final class SequenceSet {
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    public SequenceSet() {}

    /** The sequences of some ranges, in any order. */
    public static SequenceSet of(List<SequenceRange> ranges) {
        SequenceSet set = new SequenceSet();
        ranges.forEach(range -> set.addRange(range.next(), range.stop()));
        return set;
    }

    /**
     * Adds a sequence.
     *
     * @return whether it was not there
     */
    public boolean add(long sequence) {
        if (contains(sequence)) {
            return false;
        }
        addRange(sequence, sequence);
        return true;
    }

    /** Adds the sequences of another set. */
    public void addAll(SequenceSet other) {
        other.lastByFirst.forEach(this::addRange);
    }

    private void addRange(long from, long to) {
        long first = from;
        long last = to;
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            first = before.getKey();
            last = Math.max(last, before.getValue());
        }
        Map.Entry<Long, Long> after = lastByFirst.higherEntry(first);
        while (after != null && after.getKey() - 1 <= last) {
            last = Math.max(last, after.getValue());
            lastByFirst.remove(after.getKey());
            after = lastByFirst.higherEntry(first);
        }
        lastByFirst.put(first, last);
    }

    /** Takes a sequence out, if it is there. */
    public void remove(long sequence) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(sequence);
        if (range == null || range.getValue() < sequence) {
            return;
        }
        long first = range.getKey();
        long last = range.getValue();
        lastByFirst.remove(first);
        if (first < sequence) {
            lastByFirst.put(first, sequence - 1);
        }
        if (sequence < last) {
            lastByFirst.put(sequence + 1, last);
        }
    }

    public boolean contains(long sequence) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(sequence);
        return range != null && range.getValue() >= sequence;
    }

    public boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    /** The lowest sequence, or {@link Long#MAX_VALUE} when there is none. */
    public long first() {
        return lastByFirst.isEmpty() ? Long.MAX_VALUE : lastByFirst.firstKey();
    }

    /** The highest sequence, or 0 when there is none. */
    public long last() {
        Map.Entry<Long, Long> highest = lastByFirst.lastEntry();
        return highest == null ? 0 : highest.getValue();
    }

    /**
     * Forgets the lowest ranges until no more than some are left.
     *
     * @param keep the lowest sequence that may not be forgotten
     */
    public void forget(int most, long keep) {
        while (lastByFirst.size() > most && lastByFirst.firstEntry().getValue() < keep) {
            lastByFirst.pollFirstEntry();
        }
    }

    /** Its ranges, ascending. */
    public List<SequenceRange> ranges() {
        List<SequenceRange> ranges = new ArrayList<>(lastByFirst.size());
        lastByFirst.forEach((first, last) -> ranges.add(SequenceRange.of(first, last)));
        return ranges;
    }

    @Override
    public String toString() {
        return ranges().toString();
    }
}

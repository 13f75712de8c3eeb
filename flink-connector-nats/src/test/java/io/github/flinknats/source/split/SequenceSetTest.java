// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SequenceSetTest {
    @Test
    void isASetOfSequences() {
        SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < 500; run++) {
            SequenceSet set = new SequenceSet();
            TreeSet<Long> expected = new TreeSet<>();
            for (int step = 0; step < 100; step++) {
                long sequence = random.nextLong(1, 31);
                if (random.nextInt(3) > 0) {
                    assertThat(set.add(sequence)).isEqualTo(expected.add(sequence));
                } else {
                    set.remove(sequence);
                    expected.remove(sequence);
                }
                check(set, expected);
            }
            SequenceSet other = SequenceSet.of(List.of(SequenceRange.of(20, 25)));
            other.addAll(set);
            for (long sequence = 20; sequence <= 25; sequence++) {
                expected.add(sequence);
            }
            check(other, expected);
        }
    }

    private static void check(SequenceSet set, NavigableSet<Long> expected) {
        TreeSet<Long> content = new TreeSet<>();
        long end = Long.MIN_VALUE;
        for (SequenceRange range : set.ranges()) {
            assertThat(range.next()).as("apart, in " + set).isGreaterThan(end + 1);
            end = range.stop();
            for (long sequence = range.next(); sequence <= range.stop(); sequence++) {
                content.add(sequence);
            }
        }
        assertThat(content).isEqualTo(expected);
        for (long sequence = 1; sequence <= 31; sequence++) {
            assertThat(set.contains(sequence)).isEqualTo(expected.contains(sequence));
        }
        assertThat(set.isEmpty()).isEqualTo(expected.isEmpty());
        assertThat(set.last()).isEqualTo(expected.isEmpty() ? 0 : expected.last());
        assertThat(set.first()).isEqualTo(expected.isEmpty() ? Long.MAX_VALUE : expected.first());
    }

    @Test
    void forgetsTheLowestRangesButNoneThatMustBeKept() {
        SequenceSet set = new SequenceSet();
        for (long sequence = 1; sequence <= 19; sequence += 2) {
            set.add(sequence);
        }
        set.forget(3, Long.MAX_VALUE);
        assertThat(set).hasToString("[15..15, 17..17, 19..19]");
        set.forget(1, 17);
        assertThat(set).hasToString("[17..17, 19..19]");
    }
}

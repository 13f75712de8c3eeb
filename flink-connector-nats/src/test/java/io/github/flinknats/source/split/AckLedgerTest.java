// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AckLedgerTest {
    private final AckLedger ledger = new AckLedger(DurableProgress.none("d", Instant.EPOCH));

    private void emit(long... sequences) {
        for (long sequence : sequences) {
            ledger.emitted(sequence);
        }
    }

    private static List<SequenceRange> ranges(long... ends) {
        SequenceSet set = new SequenceSet();
        for (int i = 0; i < ends.length; i += 2) {
            set.addAll(SequenceSet.of(List.of(SequenceRange.of(ends[i], ends[i + 1]))));
        }
        return set.ranges();
    }

    @Test
    void releasesWhatTheCompletedCheckpointHoldsAndNoMore() {
        emit(1, 2);
        ledger.sealed(7);
        emit(3);
        assertThat(ledger.completed(6).isEmpty()).isTrue();
        assertThat(ledger.completed(7).ranges()).isEqualTo(ranges(1, 2));
        assertThat(ledger.completed(7).isEmpty()).as("said once").isTrue();
    }

    @Test
    void releasesWhatAFailedCheckpointHeldWithALaterOne() {
        emit(1);
        ledger.sealed(1);
        emit(2);
        ledger.sealed(2);
        emit(3);
        ledger.sealed(3);
        emit(4);
        // The first failed, the second is subsumed by the third.
        assertThat(ledger.completed(3).ranges()).isEqualTo(ranges(1, 3));
        assertThat(ledger.completed(2).isEmpty()).as("came late").isTrue();
    }

    @Test
    void keepsWhatIsNotConfirmed() {
        emit(5, 6, 9);
        ledger.sealed(1);
        ledger.completed(1);
        ledger.confirmed(6);
        DurableProgress progress = ledger.progress();
        assertThat(progress.emitted()).isEqualTo(ranges(5, 6, 9, 9));
        assertThat(progress.unacknowledged()).isEqualTo(ranges(5, 5, 9, 9));

        AckLedger restored = new AckLedger(progress);
        restored.confirmed(9);
        restored.emitted(10);
        restored.sealed(2);
        assertThat(restored.completed(2).ranges()).isEqualTo(ranges(10, 10));
        assertThat(restored.progress().emitted()).isEqualTo(ranges(5, 6, 9, 10));
        assertThat(restored.progress().unacknowledged()).isEqualTo(ranges(5, 5, 10, 10));
    }

    @Test
    void remembersABoundedNumberOfRangesAndAllThatIsNotConfirmed() {
        int count = AckLedger.REMEMBERED_RANGES + 1_000;
        for (long i = 1; i <= count; i++) {
            ledger.emitted(2 * i);
        }
        assertThat(ledger.progress().emitted()).hasSize(count);
        for (long i = 1; i <= count; i++) {
            ledger.confirmed(2 * i);
        }
        assertThat(ledger.progress().emitted()).hasSize(AckLedger.REMEMBERED_RANGES);
        assertThat(ledger.progress().emitted().get(0)).isEqualTo(SequenceRange.of(2_002, 2_002));
        assertThat(ledger.progress().unacknowledged()).isEmpty();
    }
}

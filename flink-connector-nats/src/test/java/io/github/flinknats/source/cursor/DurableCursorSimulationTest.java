// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Many runs of {@link SimulatedAcknowledging}; a failure says its seed. */
class DurableCursorSimulationTest {
    private static final int RUNS = Integer.getInteger("simulation.runs", 150);
    private static final Long SEED = Long.getLong("simulation.seed");

    @Test
    void emitsOnceAndAcknowledgesAllWhateverBreaks() {
        long results = 0;
        long crashes = 0;
        long dropped = 0;
        long first = SEED == null ? 1 : SEED;
        long last = SEED == null ? RUNS : SEED;
        for (long seed = first; seed <= last; seed++) {
            SimulatedAcknowledging job = new SimulatedAcknowledging(seed);
            try {
                job.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
            results += job.results();
            crashes += job.crashes();
            dropped += job.dropped();
        }
        System.out.printf(
                "Simulated %d jobs: %d messages, %d crashes, %d deliveries dropped%n",
                last - first + 1, results, crashes, dropped);
        assertThat(SEED != null || (crashes > RUNS && dropped > RUNS)).isTrue();
    }
}

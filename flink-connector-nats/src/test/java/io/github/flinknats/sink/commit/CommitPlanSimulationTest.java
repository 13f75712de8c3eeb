// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Thousands of sinks with faults, each made from a seed. {@code -Dsimulation.runs=100000} raises
 * their number, {@code -Dsimulation.seed=42} plays one of them.
 */
class CommitPlanSimulationTest {
    private static final int RUNS = Integer.getInteger("simulation.runs", 3_000);
    private static final Long SEED = Long.getLong("simulation.seed");

    @Test
    void storesEverythingOnceWhateverBreaks() {
        long faults = 0;
        long recognised = 0;
        long first = SEED == null ? 1 : SEED;
        long last = SEED == null ? RUNS : SEED;
        for (long seed = first; seed <= last; seed++) {
            SimulatedCommitting committing = new SimulatedCommitting(seed);
            try {
                committing.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        "seed " + seed + ": " + failure.getMessage() + '\n' + committing.story(),
                        failure);
            }
            faults += committing.faults();
            recognised += committing.recognised();
        }
        System.out.printf(
                "Simulated %d sinks: %d faults, %d messages recognised%n",
                last - first + 1, faults, recognised);
        assertThat(faults).as("faults happened").isPositive();
        assertThat(recognised).as("repeats were recognised").isPositive();
    }
}

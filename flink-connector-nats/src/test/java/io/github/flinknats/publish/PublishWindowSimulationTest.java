// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Thousands of writers with faults, each made from a seed. {@code -Dsimulation.runs=100000} raises
 * their number, {@code -Dsimulation.seed=42} plays one of them.
 */
class PublishWindowSimulationTest {
    private static final int RUNS = Integer.getInteger("simulation.runs", 3_000);
    private static final Long SEED = Long.getLong("simulation.seed");

    @Test
    void storesEverythingInOrderWhateverBreaks() {
        long faults = 0;
        long repeated = 0;
        long first = SEED == null ? 1 : SEED;
        long last = SEED == null ? RUNS : SEED;
        for (long seed = first; seed <= last; seed++) {
            SimulatedPublishing publishing = new SimulatedPublishing(seed);
            try {
                publishing.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        "seed " + seed + ": " + failure.getMessage() + '\n' + publishing.story(),
                        failure);
            }
            faults += publishing.faults();
            repeated += publishing.repeated();
        }
        System.out.printf(
                "Simulated %d writers: %d faults, %d messages sent again%n",
                last - first + 1, faults, repeated);
        assertThat(faults).as("faults happened").isPositive();
    }
}

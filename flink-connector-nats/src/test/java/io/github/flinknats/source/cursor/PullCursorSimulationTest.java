// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Thousands of readings with faults, each made from a seed. {@code -Dsimulation.runs=100000} raises
 * their number, {@code -Dsimulation.seed=42} plays one of them.
 */
class PullCursorSimulationTest {
    private static final int RUNS = Integer.getInteger("simulation.runs", 3_000);
    private static final Long SEED = Long.getLong("simulation.seed");
    private static final int SHOWN_EVENTS = 50;

    @Test
    void keepsItsPromisesWhateverBreaks() {
        long delivered = 0;
        long opens = 0;
        int ends = 0;
        int givenUp = 0;
        long first = SEED == null ? 1 : SEED;
        long last = SEED == null ? RUNS : SEED;
        for (long seed = first; seed <= last; seed++) {
            SimulatedReading reading = new SimulatedReading(seed);
            run(reading, seed);
            delivered += reading.delivered();
            opens += reading.opens();
            ends += reading.ended() ? 1 : 0;
            givenUp += reading.gaveUp() ? 1 : 0;
        }
        System.out.printf(
                "Simulated %d readings: %d messages, %d consumers, %d came to their end, %d gave"
                        + " up%n",
                last - first + 1, delivered, opens, ends, givenUp);
    }

    private static void run(SimulatedReading reading, long seed) {
        try {
            reading.run();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(failure.getMessage() + story(seed), failure);
        }
    }

    /** The same run again, told. */
    private static String story(long seed) {
        SimulatedReading again = new SimulatedReading(seed).logging();
        try {
            again.run();
            return "\nseed " + seed + " passes when it is run again";
        } catch (RuntimeException | AssertionError expected) {
            List<String> log = again.log();
            return "\nseed "
                    + seed
                    + ": "
                    + log.get(0)
                    + '\n'
                    + String.join(
                            "\n", log.subList(Math.max(1, log.size() - SHOWN_EVENTS), log.size()));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

/** One way to read the whole stream. */
interface Rival {
    String name();

    /** Reads everything; the meter has counted all of it when this returns. */
    void read(Meter meter) throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

/** The time that the cores are given: monotone milliseconds, of no use across processes. */
final class Clock {
    private Clock() {}

    static long millis() {
        return System.nanoTime() / 1_000_000;
    }
}

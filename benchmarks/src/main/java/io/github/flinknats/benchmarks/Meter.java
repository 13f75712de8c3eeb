// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import java.util.concurrent.CountDownLatch;

/** Counts what arrives, and when the first and the last of it did. One thread counts. */
final class Meter {
    private final long expected;
    private final CountDownLatch complete = new CountDownLatch(1);
    private long count;
    private volatile long firstNanos;
    private volatile long lastNanos;

    Meter(long expected) {
        this.expected = expected;
    }

    void count() {
        if (count == 0) {
            firstNanos = System.nanoTime();
        }
        count++;
        if (count == expected) {
            lastNanos = System.nanoTime();
            complete.countDown();
        }
    }

    void await() throws InterruptedException {
        complete.await();
    }

    /** Between the first and the last, so that starting a job does not count. */
    double perSecond() {
        return (expected - 1) * 1e9 / (lastNanos - firstNanos);
    }

    long lastNanos() {
        return lastNanos;
    }
}

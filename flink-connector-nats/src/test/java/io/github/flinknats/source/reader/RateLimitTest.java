// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    /** Reads as fast as the limit lets it, for so long. */
    private static long read(RateLimit limit, long from, long nanos) {
        long now = from;
        long records = 0;
        while (true) {
            now += limit.waitNanos(now);
            if (now - from >= nanos) {
                return records;
            }
            limit.onRecord();
            records++;
        }
    }

    @Test
    void letsTheFirstPassAtOnceAndTheNextAfterItsTime() {
        RateLimit limit = new RateLimit(4, 77);
        assertThat(limit.waitNanos(77)).isZero();
        limit.onRecord();
        assertThat(limit.waitNanos(77)).isEqualTo(SECOND / 4);
        assertThat(limit.waitNanos(77 + SECOND / 8)).isEqualTo(SECOND / 8);
        assertThat(limit.waitNanos(77 + SECOND / 4)).isZero();
    }

    @Test
    void keepsTheRateOverTime() {
        assertThat(read(new RateLimit(1_000, 0), 0, 10 * SECOND)).isEqualTo(10_000);
        assertThat(read(new RateLimit(0.5, 0), 0, 10 * SECOND)).isEqualTo(5);
    }

    @Test
    void makesUpForATenthOfASecondAtMost() {
        RateLimit limit = new RateLimit(100, 0);
        // A second without a record: ten are saved, the next one has to wait.
        for (int i = 0; i < 10; i++) {
            assertThat(limit.waitNanos(SECOND)).as("record " + i).isZero();
            limit.onRecord();
        }
        assertThat(limit.waitNanos(SECOND)).isEqualTo(SECOND / 100);
    }

    @Test
    void aSlowRateSavesOneRecord() {
        RateLimit limit = new RateLimit(1, 0);
        assertThat(limit.waitNanos(60 * SECOND)).isZero();
        limit.onRecord();
        assertThat(limit.waitNanos(60 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void neverLetsMoreThroughThanTheRateAndTheSaved() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            double rate = 0.5 + random.nextInt(5_000);
            RateLimit limit = new RateLimit(rate, 0);
            long now = 0;
            long records = 0;
            for (int i = 0; i < 1_000; i++) {
                now += random.nextInt(10_000_000);
                while (limit.waitNanos(now) == 0) {
                    limit.onRecord();
                    records++;
                }
                double most = now / 1e9 * rate + Math.max(1, rate / 10) + 1;
                assertThat((double) records).as("seed " + seed).isLessThanOrEqualTo(most);
            }
        }
    }
}

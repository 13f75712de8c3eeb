// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFixtures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private final Recovery recovery = new Recovery();

    @Test
    void triesAtOnceAndThenWaitsTwiceAsLongEachTime() {
        List<Long> attempts = new ArrayList<>();
        for (long now = 0; now <= 22_000; now += 100) {
            if (recovery.mayTry(now)) {
                recovery.tried(now);
                attempts.add(now);
            }
        }
        assertThat(attempts)
                .containsExactly(
                        0L, 100L, 300L, 700L, 1_500L, 3_100L, 6_300L, 11_300L, 16_300L, 21_300L);
    }

    @Test
    void waitsShortlyAgainAfterALifeSign() {
        for (long now = 0; now < 10_000; now += 100) {
            if (recovery.mayTry(now)) {
                recovery.tried(now);
            }
        }
        recovery.over();
        recovery.tried(20_000);
        assertThat(recovery.mayTry(20_099)).isFalse();
        assertThat(recovery.mayTry(20_100)).isTrue();
    }

    @Test
    void worksWithAClockThatStartsAnywhere() {
        assertThat(recovery.mayTry(-5_000_000)).isTrue();
        recovery.tried(-5_000_000);
        assertThat(recovery.mayTry(-4_999_901)).isFalse();
        recovery.broken("why", null, -5_000_000);
        assertThat(recovery.hasLasted(100, -4_999_901)).isFalse();
        assertThat(recovery.hasLasted(100, -4_999_900)).isTrue();
    }

    @Test
    void measuresFromTheFirstBreakAndTellsTheLastReason() {
        NatsFailure cause = StreamFixtures.unavailable("no leader");
        recovery.broken("first", null, 1_000);
        recovery.broken("second", cause, 5_000);
        assertThat(recovery.isUnderWay()).isTrue();
        assertThat(recovery.reason()).isEqualTo("second");
        assertThat(recovery.cause()).isSameAs(cause);
        assertThat(recovery.hasLasted(9_000, 9_999)).isFalse();
        assertThat(recovery.hasLasted(9_000, 10_000)).isTrue();
    }

    @Test
    void isForgottenWhenOver() {
        recovery.broken("why", StreamFixtures.unavailable("no leader"), 1_000);
        recovery.over();
        assertThat(recovery.isUnderWay()).isFalse();
        assertThat(recovery.reason()).isEmpty();
        assertThat(recovery.cause()).isNull();
        assertThat(recovery.hasLasted(0, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void countsOnlyFromWhenSomethingIsWantedAgain() {
        recovery.postponed(500);
        assertThat(recovery.isUnderWay()).isFalse();
        recovery.broken("why", null, 1_000);
        recovery.postponed(50_000);
        assertThat(recovery.isUnderWay()).isTrue();
        assertThat(recovery.hasLasted(1_000, 50_999)).isFalse();
        assertThat(recovery.hasLasted(1_000, 51_000)).isTrue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import io.github.flinknats.source.split.SequenceRange;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PositionResolverTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant NEVER_REACHED = Instant.parse("2099-01-01T00:00:00Z");

    /** A stream of 10..50 whose sequence 30 was the first one stored at noon or later. */
    private static SequenceRange resolve(StartPosition start, StopPosition stop) {
        return new PositionResolver(
                        StreamFixtures.facts(10, 50), instant -> instant.equals(NOON) ? 30 : 51)
                .resolve(start, stop, Narrowing.everything());
    }

    private static SequenceRange narrowed(StartPosition start, Narrowing narrowing) {
        return new PositionResolver(
                        StreamFixtures.facts(10, 50), instant -> instant.equals(NOON) ? 30 : 51)
                .resolve(start, StopPosition.atSequence(40), narrowing);
    }

    @Test
    void startsWithTheFirstMessageThatTheQueryCanUse() {
        StartPosition earliest = StartPosition.earliest();
        assertThat(narrowed(earliest, Narrowing.sequences(20, 25)))
                .isEqualTo(SequenceRange.of(20, 40));
        assertThat(narrowed(earliest, Narrowing.sequences(5, 25)))
                .isEqualTo(SequenceRange.of(10, 40));
        assertThat(narrowed(earliest, Narrowing.stored(NOON, NEVER_REACHED)))
                .isEqualTo(SequenceRange.of(30, 40));
        assertThat(
                        narrowed(
                                earliest,
                                Narrowing.stored(NOON, Instant.MAX)
                                        .and(Narrowing.sequences(33, 50))))
                .isEqualTo(SequenceRange.of(33, 40));
        assertThat(narrowed(StartPosition.atSequence(35), Narrowing.sequences(20, 50)))
                .isEqualTo(SequenceRange.of(35, 40));
        assertThat(narrowed(StartPosition.lastPerSubject(), Narrowing.sequences(20, 50)))
                .isEqualTo(SequenceRange.of(20, 40).withSnapshotUpTo(50));
    }

    /** Another query may take over from a savepoint, and want what is stored from now on. */
    @Test
    void passesOverNothingThatIsStillToCome() {
        assertThat(narrowed(StartPosition.earliest(), Narrowing.sequences(1_000, 2_000)))
                .isEqualTo(SequenceRange.of(51, 40));
    }

    private static SequenceRange resolveInEmpty(StartPosition start, StopPosition stop) {
        return new PositionResolver(StreamFixtures.facts(0, 0), instant -> 1)
                .resolve(start, stop, Narrowing.everything());
    }

    @Test
    void startsWhereItIsTold() {
        StopPosition never = StopPosition.never();
        assertThat(resolve(StartPosition.earliest(), never)).isEqualTo(SequenceRange.from(10));
        assertThat(resolve(StartPosition.latest(), never)).isEqualTo(SequenceRange.from(51));
        assertThat(resolve(StartPosition.atTimestamp(NOON), never))
                .isEqualTo(SequenceRange.from(30));
        assertThat(resolve(StartPosition.atTimestamp(NEVER_REACHED), never))
                .isEqualTo(SequenceRange.from(51));
        assertThat(resolve(StartPosition.atSequence(20), never)).isEqualTo(SequenceRange.from(20));
        assertThat(resolve(StartPosition.atSequence(1_000), never))
                .isEqualTo(SequenceRange.from(1_000));
        assertThat(resolve(StartPosition.atSequence(1), never)).isEqualTo(SequenceRange.from(10));
        assertThat(resolve(StartPosition.lastPerSubject(), never))
                .isEqualTo(SequenceRange.from(10).withSnapshotUpTo(50));
        assertThat(resolve(StartPosition.lastPerSubject(), StopPosition.latest()))
                .isEqualTo(SequenceRange.of(10, 50).withSnapshotUpTo(50));
    }

    @Test
    void stopsWhereItIsTold() {
        StartPosition earliest = StartPosition.earliest();
        assertThat(resolve(earliest, StopPosition.latest())).isEqualTo(SequenceRange.of(10, 50));
        assertThat(resolve(earliest, StopPosition.atSequence(40)))
                .isEqualTo(SequenceRange.of(10, 40));
        assertThat(resolve(earliest, StopPosition.atSequence(1_000)))
                .isEqualTo(SequenceRange.of(10, 1_000));
    }

    @Test
    void stopsBeforeTheInstant() {
        assertThat(resolve(StartPosition.earliest(), StopPosition.atTimestamp(NOON)))
                .isEqualTo(SequenceRange.of(10, 29));
        assertThat(resolve(StartPosition.earliest(), StopPosition.atTimestamp(NEVER_REACHED)))
                .isEqualTo(SequenceRange.of(10, 50));
    }

    @Test
    void theEndOfOneTableIsTheStartOfTheNext() {
        long end = resolve(StartPosition.earliest(), StopPosition.atTimestamp(NOON)).stop();
        long start = resolve(StartPosition.atTimestamp(NOON), StopPosition.never()).next();
        assertThat(start).isEqualTo(end + 1);
    }

    @Test
    void findsNothingInAnEmptyStream() {
        assertThat(resolveInEmpty(StartPosition.earliest(), StopPosition.latest()))
                .isEqualTo(SequenceRange.of(1, 0));
        assertThat(resolveInEmpty(StartPosition.latest(), StopPosition.latest()))
                .isEqualTo(SequenceRange.of(1, 0));
        assertThat(resolveInEmpty(StartPosition.lastPerSubject(), StopPosition.never()))
                .isEqualTo(SequenceRange.from(1));
        assertThat(resolveInEmpty(StartPosition.atTimestamp(NOON), StopPosition.never()))
                .isEqualTo(SequenceRange.from(1));
    }

    @Test
    void findsNothingWhereTheEndLiesBeforeTheStart() {
        assertThat(resolve(StartPosition.latest(), StopPosition.latest()))
                .isEqualTo(SequenceRange.of(51, 50));
        assertThat(resolve(StartPosition.atSequence(40), StopPosition.atTimestamp(NOON)))
                .isEqualTo(SequenceRange.of(40, 29));
    }
}

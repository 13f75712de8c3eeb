// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.StreamApi;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.split.LastRead;
import io.github.flinknats.source.split.NatsSplit;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.annotation.Internal;

/**
 * Asks for a stream, and whether it still is what was read. A stream that was set back to an older
 * state and written on since may be longer than before: then messages before the one that was read
 * last were stored after it. Clocks that are set back do the same, so the message itself decides.
 */
@Internal
final class Inspector {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Inspector() {}

    /**
     * @param known the message that was read last, nothing when that is not to be compared
     */
    static CompletableFuture<Inspection> inspect(
            StreamApi streams, NatsSplit split, LastRead known) {
        return streams.info(split.stream().name())
                .thenCompose(facts -> compare(streams, split, known, facts));
    }

    private static CompletionStage<Inspection> compare(
            StreamApi streams, NatsSplit split, LastRead known, StreamFacts facts) {
        if (known.sequence() == 0 || !facts.identity().equals(split.stream())) {
            return CompletableFuture.completedFuture(Inspection.of(facts));
        }
        return streams.sequenceAt(
                        split.stream().name(),
                        split.filters(),
                        "flink-" + Long.toHexString(ThreadLocalRandom.current().nextLong()),
                        instant(known.timestampNanos() + 1))
                .thenCompose(
                        after ->
                                after > known.sequence()
                                        ? CompletableFuture.completedFuture(Inspection.of(facts))
                                        : confirm(streams, known, facts, after));
    }

    private static CompletionStage<Inspection> confirm(
            StreamApi streams, LastRead known, StreamFacts facts, long after) {
        if (facts.lastSequence() < known.sequence()) {
            return CompletableFuture.completedFuture(Inspection.diverged(facts, after));
        }
        return streams.storedAt(facts.identity().name(), known.sequence())
                .thenApply(
                        stored ->
                                stored.isPresent()
                                                && !stored.get()
                                                        .equals(instant(known.timestampNanos()))
                                        ? Inspection.diverged(facts, after)
                                        : Inspection.of(facts));
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.source.split.NatsSplit;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What should have been read and is gone, and where reading can go on. */
@Internal
final class Loss {
    private final NatsFailure failure;
    private final long wanted;
    private final long available;
    private final @Nullable NatsSplit moved;

    private Loss(NatsFailure failure, long wanted, long available, @Nullable NatsSplit moved) {
        this.failure = failure;
        this.wanted = wanted;
        this.available = available;
        this.moved = moved;
    }

    /** Messages of the stream are gone. */
    static Loss gap(NatsFailure failure, long wanted, long available) {
        return new Loss(failure, wanted, available, null);
    }

    /** The stream is another one, or goes on from an earlier state. */
    static Loss moved(NatsFailure failure, long wanted, NatsSplit there) {
        return new Loss(failure, wanted, there.range().next(), there);
    }

    /** What a job fails with that accepts no loss. */
    NatsFailure failure() {
        return failure;
    }

    /** The first sequence that is missing. */
    long wanted() {
        return wanted;
    }

    /** The sequence at which reading goes on. */
    long available() {
        return available;
    }

    /** What is to be read from now on, when the stream is not the one that was read. */
    @Nullable NatsSplit moved() {
        return moved;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * Holds a reader back without blocking its thread: while too many dead letters are on their way,
 * and when it has read as fast as it may. At the end of the input it waits for the last dead
 * letters.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
final class ReaderBrake {
    private final @Nullable DeadLetters deadLetters;
    private final @Nullable RateLimit rateLimit;
    private boolean ended;
    private long waitNanos;

    ReaderBrake(@Nullable DeadLetters deadLetters, @Nullable RateLimit rateLimit) {
        this.deadLetters = deadLetters;
        this.rateLimit = rateLimit;
    }

    /** Whether nothing may be read now; {@link #available} tells when to ask again. */
    boolean holds() {
        DeadLetters letters = deadLetters;
        // The question also fails the job when a letter could not be stored.
        if (letters != null && letters.isPending() && !letters.room().isDone()) {
            return true;
        }
        RateLimit limit = rateLimit;
        waitNanos = limit == null ? 0 : limit.waitNanos(System.nanoTime());
        return waitNanos > 0;
    }

    /** A message has been read. */
    void onMessage() {
        if (rateLimit != null) {
            rateLimit.onRecord();
        }
    }

    /** What the reader says to Flink: there is no end while dead letters are on their way. */
    InputStatus status(InputStatus read) {
        ended = read == InputStatus.END_OF_INPUT;
        boolean waits = ended && deadLetters != null && deadLetters.isPending();
        return waits ? InputStatus.NOTHING_AVAILABLE : read;
    }

    /** Done when it makes sense to read again. */
    CompletableFuture<Void> available(CompletableFuture<Void> fetched) {
        CompletableFuture<Void> other = ended ? new CompletableFuture<>() : fetched;
        if (waitNanos > 0) {
            other =
                    new CompletableFuture<Void>()
                            .completeOnTimeout(null, waitNanos, TimeUnit.NANOSECONDS);
        }
        if (deadLetters == null) {
            return other;
        }
        CompletableFuture<Void> room = deadLetters.room();
        if (!room.isDone()) {
            return room;
        }
        CompletableFuture<Void> delivered = deadLetters.delivered();
        if (delivered.isDone()) {
            return delivered.isCompletedExceptionally() || ended
                    ? CompletableFuture.completedFuture(null)
                    : other;
        }
        // A letter that cannot be stored must wake the reader, too.
        CompletableFuture<Void> settled = delivered.handle((done, failure) -> null);
        return CompletableFuture.anyOf(other, settled).thenApply(any -> null);
    }
}

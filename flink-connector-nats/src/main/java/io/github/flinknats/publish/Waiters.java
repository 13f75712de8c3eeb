// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.NatsFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who waits until which message is stored. Guarded by the publisher's lock. */
@OwnedBy(ThreadRole.ANY)
final class Waiters {
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();

    /** Done when all messages up to this one are stored. */
    CompletableFuture<Void> await(long number) {
        Waiter last = queue.peekLast();
        if (last == null || last.number != number) {
            last = new Waiter(number);
            queue.add(last);
        }
        return last.done;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    boolean isSomeoneDue(long storedUpTo) {
        Waiter next = queue.peek();
        return next != null && next.number <= storedUpTo;
    }

    /** Takes out those that need not wait any longer; to be told without the lock. */
    List<CompletableFuture<Void>> takeDue(long storedUpTo) {
        List<CompletableFuture<Void>> due = new ArrayList<>();
        while (isSomeoneDue(storedUpTo)) {
            due.add(queue.remove().done);
        }
        return due;
    }

    static void tell(List<CompletableFuture<Void>> due, @Nullable NatsFailure failure) {
        for (CompletableFuture<Void> waiter : due) {
            if (failure == null) {
                waiter.complete(null);
            } else {
                waiter.completeExceptionally(failure);
            }
        }
    }

    void cancel() {
        queue.forEach(waiter -> waiter.done.cancel(false));
        queue.clear();
    }

    private static final class Waiter {
        private final long number;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Waiter(long number) {
            this.number = number;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * The permission errors of a connection. The server reports them on the connection and leaves the
 * request without an answer, so a request that failed looks here for the reason.
 */
@OwnedBy(ThreadRole.ANY)
final class Violations {
    private static final int KEPT = 16;

    private final ConcurrentLinkedDeque<String> texts = new ConcurrentLinkedDeque<>();

    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

    /** Ends the wait for the answer to a request as soon as the server forbids its subject. */
    void endOnViolation(CompletableFuture<?> answer, String subject) {
        Waiting entry = new Waiting(answer, subject);
        waiting.add(entry);
        CompletableFuture<?> unused = answer.whenComplete((done, error) -> waiting.remove(entry));
    }

    /** Takes note of an error text of the server; others than permission errors are ignored. */
    void note(String error) {
        if (error.toLowerCase(Locale.ROOT).contains("permissions violation")) {
            texts.addFirst(error);
            if (texts.size() > KEPT) {
                texts.pollLast();
            }
            for (Waiting each : waiting) {
                if (names(error, each.subject)) {
                    each.answer.completeExceptionally(new CancellationException(error));
                }
            }
        }
    }

    private static boolean names(String text, String subject) {
        return text.contains('"' + subject + '"');
    }

    /** The latest error that explains why a request to the subject, or its answer, is missing. */
    @Nullable String against(String subject) {
        for (String text : texts) {
            if (names(text, subject) || text.contains("for Subscription")) {
                return text;
            }
        }
        return null;
    }

    private static final class Waiting {
        private final CompletableFuture<?> answer;
        private final String subject;

        Waiting(CompletableFuture<?> answer, String subject) {
            this.answer = answer;
            this.subject = subject;
        }
    }
}

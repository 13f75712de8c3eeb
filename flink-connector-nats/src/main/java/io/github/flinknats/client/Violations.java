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

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    /** Why no answer can be heard, whatever is asked; null while they can. */
    private volatile @Nullable String deaf;

    /** To be called before a request is sent, or a quick refusal could be missed. */
    Watch watch(String subject) {
        Watch watch = new Watch(subject);
        watches.add(watch);
        return watch;
    }

    /** Takes note of an error text of the server; others than permission errors are ignored. */
    void note(String error) {
        if (error.toLowerCase(Locale.ROOT).contains("permissions violation")) {
            texts.addFirst(error);
            if (texts.size() > KEPT) {
                texts.pollLast();
            }
            boolean unheard = isOfAnswers(error);
            if (unheard) {
                deaf = error;
            }
            for (Watch watch : watches) {
                if (unheard || names(error, watch.subject)) {
                    watch.forbidden.complete(error);
                }
            }
        }
    }

    /** Answers come to wildcards, and all of them below the same prefix. */
    private static boolean isOfAnswers(String error) {
        return error.matches("(?s).*for Subscription to \"[^\"]*[*>]\".*");
    }

    static boolean isOfPublishing(String error) {
        return error.toLowerCase(Locale.ROOT).contains("permissions violation for publish");
    }

    /** On the next connection the server may allow more. */
    void disconnected() {
        deaf = null;
    }

    private static boolean names(String text, String subject) {
        return text.contains('"' + subject + '"');
    }

    /** Whether nothing was ever forbidden: what is asked for each message asks this first. */
    boolean none() {
        return texts.isEmpty();
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

    /** The latest error that forbids to publish below a prefix, or null. */
    @Nullable String below(String prefix) {
        for (String text : texts) {
            if (text.contains("for Publish to \"" + prefix)) {
                return text;
            }
        }
        return null;
    }

    /** Looks out for a refusal while a request is under way. */
    final class Watch {
        private final String subject;
        private final CompletableFuture<String> forbidden = new CompletableFuture<>();

        private Watch(String subject) {
            this.subject = subject;
        }

        /** Ends the wait for the answer as soon as the server forbids the subject. */
        void over(CompletableFuture<?> answer) {
            CompletableFuture<?> unused = answer.whenComplete((done, error) -> close());
            String before = deaf;
            if (before != null) {
                forbidden.complete(before);
            }
            CompletableFuture<?> unusedToo =
                    forbidden.thenAccept(
                            text -> answer.completeExceptionally(new CancellationException(text)));
        }

        void close() {
            watches.remove(this);
        }
    }
}

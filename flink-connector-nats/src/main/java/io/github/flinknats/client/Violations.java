// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * The permission errors of a connection. The server reports them on the connection and leaves the
 * request without an answer, so a request that timed out looks here for the reason.
 */
@OwnedBy(ThreadRole.ANY)
final class Violations {
    private static final int KEPT = 16;

    private final ConcurrentLinkedDeque<String> texts = new ConcurrentLinkedDeque<>();

    /** Takes note of an error text of the server; others than permission errors are ignored. */
    void note(String error) {
        if (error.toLowerCase(Locale.ROOT).contains("permissions violation")) {
            texts.addFirst(error);
            if (texts.size() > KEPT) {
                texts.pollLast();
            }
        }
    }

    /** The latest error that explains why a request to the subject, or its answer, is missing. */
    @Nullable String against(String subject) {
        for (String text : texts) {
            if (text.contains('"' + subject + '"') || text.contains("for Subscription")) {
                return text;
            }
        }
        return null;
    }
}

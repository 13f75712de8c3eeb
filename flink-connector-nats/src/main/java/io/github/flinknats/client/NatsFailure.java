// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.subject.Printable;
import java.io.IOException;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong with NATS, in one sentence a user can act on. Made only by {@link
 * Failures}; holds no secret.
 */
@PublicEvolving
public final class NatsFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final boolean retriable;
    private final String sentence;

    NatsFailure(FailureKind kind, boolean retriable, String message, @Nullable Throwable cause) {
        super(Printable.of(message), cleaned(cause));
        this.kind = kind;
        this.retriable = retriable;
        this.sentence = Printable.of(message);
    }

    /**
     * A copy where needed: the client's exceptions may name a URL as it was given to the client,
     * and those of formats quote a payload, in which anything may stand.
     */
    private static @Nullable Throwable cleaned(@Nullable Throwable cause) {
        if (cause == null || cause instanceof NatsFailure || isClean(cause)) {
            return cause;
        }
        IOException copy =
                new IOException(cleaned(String.valueOf(cause)), cleaned(cause.getCause()));
        copy.setStackTrace(cause.getStackTrace());
        return copy;
    }

    private static boolean isClean(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            String text = String.valueOf(t);
            if (!cleaned(text).equals(text)) {
                return false;
            }
        }
        return true;
    }

    private static String cleaned(String text) {
        return Printable.of(ServerList.mask(text));
    }

    /** What cannot be done, where, why, and what to change. */
    public String sentence() {
        return sentence;
    }

    public FailureKind kind() {
        return kind;
    }

    /** Whether trying again without any change may help. */
    public boolean isRetriable() {
        return retriable;
    }
}

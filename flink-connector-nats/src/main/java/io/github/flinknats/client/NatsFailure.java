// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

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
        super(message, masked(cause));
        this.kind = kind;
        this.retriable = retriable;
        this.sentence = message;
    }

    /** The client's exceptions may name a URL as it was given to the client. */
    private static @Nullable Throwable masked(@Nullable Throwable cause) {
        if (cause == null || cause instanceof NatsFailure || !saysMore(cause)) {
            return cause;
        }
        IOException copy =
                new IOException(ServerList.mask(String.valueOf(cause)), masked(cause.getCause()));
        copy.setStackTrace(cause.getStackTrace());
        return copy;
    }

    private static boolean saysMore(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            String text = String.valueOf(t);
            if (!ServerList.mask(text).equals(text)) {
                return true;
            }
        }
        return false;
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

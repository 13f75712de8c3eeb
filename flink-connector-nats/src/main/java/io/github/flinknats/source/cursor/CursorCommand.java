// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.NatsFailure;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What a {@link PullCursor} wants done next. Answers carry the number of the command back. */
@Internal
final class CursorCommand {
    private final Kind kind;
    private final int number;
    private final long sequence;
    private final long bytes;
    private final @Nullable NatsFailure failure;

    private CursorCommand(
            Kind kind, int number, long sequence, long bytes, @Nullable NatsFailure failure) {
        this.kind = kind;
        this.number = number;
        this.sequence = sequence;
        this.bytes = bytes;
        this.failure = failure;
    }

    static CursorCommand inspect(int number) {
        return new CursorCommand(Kind.INSPECT, number, 0, 0, null);
    }

    static CursorCommand open(int number, long from) {
        return new CursorCommand(Kind.OPEN, number, from, 0, null);
    }

    static CursorCommand pull(int pull, int messages, long bytes) {
        return new CursorCommand(Kind.PULL, pull, messages, bytes, null);
    }

    static CursorCommand skip(long next) {
        return new CursorCommand(Kind.SKIP, 0, next, 0, null);
    }

    static CursorCommand end() {
        return new CursorCommand(Kind.END, 0, 0, 0, null);
    }

    static CursorCommand fail(NatsFailure failure) {
        return new CursorCommand(Kind.FAIL, 0, 0, 0, failure);
    }

    Kind kind() {
        return kind;
    }

    /** Of a request: repeated in its answer. Of a pull: the end of its reply subject. */
    int number() {
        return number;
    }

    /** OPEN: the first sequence wanted. SKIP: the next sequence that may be wanted. */
    long sequence() {
        return sequence;
    }

    /** PULL: how many messages to ask for. */
    int messages() {
        return (int) sequence;
    }

    /** PULL: how many bytes to ask for. */
    long bytes() {
        return bytes;
    }

    /** FAIL: why. */
    NatsFailure failure() {
        return Objects.requireNonNull(failure, "failure");
    }

    @Override
    public String toString() {
        switch (kind) {
            case INSPECT:
                return "inspect";
            case OPEN:
                return "open " + sequence;
            case PULL:
                return "pull " + sequence;
            case SKIP:
                return "skip to " + sequence;
            case END:
                return "end";
            case FAIL:
                return "fail: " + failure().getMessage();
        }
        throw new IllegalStateException("Unknown kind " + kind);
    }

    enum Kind {
        /** Ask the server about the stream. */
        INSPECT,
        /** Throw the consumer away and make another one. */
        OPEN,
        /** Ask for messages. */
        PULL,
        /** Tell the checkpoint that nothing wanted stands before a sequence. */
        SKIP,
        /** All has been read. */
        END,
        /** Give up. */
        FAIL
    }
}

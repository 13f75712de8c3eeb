// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.source.split.LastRead;
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
    private final @Nullable Object detail;

    private CursorCommand(
            Kind kind, int number, long sequence, long bytes, @Nullable Object detail) {
        this.kind = kind;
        this.number = number;
        this.sequence = sequence;
        this.bytes = bytes;
        this.detail = detail;
    }

    static CursorCommand inspect(int number, LastRead known) {
        return new CursorCommand(Kind.INSPECT, number, 0, 0, known);
    }

    static CursorCommand open(int number, long from) {
        return new CursorCommand(Kind.OPEN, number, from, 0, null);
    }

    static CursorCommand snapshot(int number) {
        return new CursorCommand(Kind.SNAPSHOT, number, 0, 0, null);
    }

    static CursorCommand lost(Loss loss) {
        return new CursorCommand(Kind.LOST, 0, 0, 0, loss);
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

    /** INSPECT: the message that the stream should have, if it still has it. */
    LastRead known() {
        return (LastRead) Objects.requireNonNull(detail, "last read");
    }

    /** LOST: what, and where reading goes on. */
    Loss loss() {
        return (Loss) Objects.requireNonNull(detail, "loss");
    }

    /** FAIL: why. */
    NatsFailure failure() {
        return (NatsFailure) Objects.requireNonNull(detail, "failure");
    }

    @Override
    public String toString() {
        switch (kind) {
            case INSPECT:
                return "inspect";
            case OPEN:
                return "open " + sequence;
            case SNAPSHOT:
                return "open snapshot";
            case LOST:
                return "lost " + loss().wanted() + ", goes on at " + loss().available();
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
        /** Throw the consumer away and make one of the newest message of each subject. */
        SNAPSHOT,
        /** Ask for messages. */
        PULL,
        /** Tell that messages are gone, and read another stream from now on if it is one. */
        LOST,
        /** Tell the checkpoint that nothing wanted stands before a sequence. */
        SKIP,
        /** All has been read. */
        END,
        /** Give up. */
        FAIL
    }
}

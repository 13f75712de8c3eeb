// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.NatsFailure;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** What a {@link DurableCursor} wants done next. */
@Internal
final class DurableCommand {
    private final Kind kind;
    private final long number;
    private final @Nullable CursorCommand pull;
    private final @Nullable NatsFailure failure;

    private DurableCommand(
            Kind kind, long number, @Nullable CursorCommand pull, @Nullable NatsFailure failure) {
        this.kind = kind;
        this.number = number;
        this.pull = pull;
        this.failure = failure;
    }

    static DurableCommand inspect(int number) {
        return new DurableCommand(Kind.INSPECT, number, null, null);
    }

    static DurableCommand pull(CursorCommand pull) {
        return new DurableCommand(Kind.PULL, 0, pull, null);
    }

    static DurableCommand acknowledge(long sequence) {
        return new DurableCommand(Kind.ACKNOWLEDGE, sequence, null, null);
    }

    static DurableCommand progress(long sequence) {
        return new DurableCommand(Kind.PROGRESS, sequence, null, null);
    }

    static DurableCommand warn(long limit) {
        return new DurableCommand(Kind.WARN, limit, null, null);
    }

    static DurableCommand fail(NatsFailure failure) {
        return new DurableCommand(Kind.FAIL, 0, null, failure);
    }

    Kind kind() {
        return kind;
    }

    /** Of INSPECT: repeated in its answer. */
    int number() {
        return (int) number;
    }

    /** Of ACKNOWLEDGE and PROGRESS: the message. */
    long sequence() {
        return number;
    }

    /** Of WARN: how many messages wait for their acknowledgement, which is all that may. */
    long limit() {
        return number;
    }

    /** Of PULL: what to ask for. */
    CursorCommand pull() {
        return Objects.requireNonNull(pull, "pull");
    }

    /** Of FAIL: why. */
    NatsFailure failure() {
        return Objects.requireNonNull(failure, "failure");
    }

    @Override
    public String toString() {
        switch (kind) {
            case INSPECT:
                return "inspect";
            case PULL:
                return String.valueOf(pull);
            case ACKNOWLEDGE:
                return "ack " + number;
            case PROGRESS:
                return "progress " + number;
            case WARN:
                return "warn of " + number;
            case FAIL:
                return "fail: " + failure().getMessage();
        }
        throw new IllegalStateException("Unknown kind " + kind);
    }

    enum Kind {
        /** Ask the server about the stream and the consumer. */
        INSPECT,
        /** Ask for messages. */
        PULL,
        /** Acknowledge a message, and have that confirmed. */
        ACKNOWLEDGE,
        /** Tell the server that a message is being worked on, so that it is not sent again. */
        PROGRESS,
        /** Tell the user that the consumer delivers no more before the next checkpoint. */
        WARN,
        /** Give up. */
        FAIL
    }
}

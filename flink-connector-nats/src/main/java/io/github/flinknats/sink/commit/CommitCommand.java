// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.client.NatsFailure;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is to be done next for a commit. */
final class CommitCommand {
    enum Step {
        /** Send all messages as one atomic batch. */
        BATCH,
        /** Send the messages at some places, one by one. */
        SEND,
        /** Ask what the stream is now. */
        LOOK,
        /** Read the stream for the messages. */
        SCAN,
        /** Wait. */
        PAUSE,
        /** All messages are stored. */
        DONE,
        /** Give up. */
        FAIL
    }

    private final Step step;
    private final long number;
    private final @Nullable BitSet places;
    private final @Nullable CommitTrace trace;
    private final @Nullable NatsFailure failure;

    private CommitCommand(
            Step step,
            long number,
            @Nullable BitSet places,
            @Nullable CommitTrace trace,
            @Nullable NatsFailure failure) {
        this.step = step;
        this.number = number;
        this.places = places;
        this.trace = trace;
        this.failure = failure;
    }

    static CommitCommand batch(boolean everyAnswer) {
        return new CommitCommand(Step.BATCH, everyAnswer ? 1 : 0, null, null, null);
    }

    static CommitCommand send(BitSet places) {
        return new CommitCommand(Step.SEND, 0, (BitSet) places.clone(), null, null);
    }

    static CommitCommand look() {
        return new CommitCommand(Step.LOOK, 0, null, null, null);
    }

    static CommitCommand scan(CommitTrace trace) {
        return new CommitCommand(Step.SCAN, 0, null, trace, null);
    }

    static CommitCommand pause(long millis) {
        return new CommitCommand(Step.PAUSE, millis, null, null, null);
    }

    static CommitCommand done() {
        return new CommitCommand(Step.DONE, 0, null, null, null);
    }

    static CommitCommand fail(NatsFailure why) {
        return new CommitCommand(Step.FAIL, 0, null, null, why);
    }

    Step step() {
        return step;
    }

    /** Of a batch: whether to ask for an answer to every message, to learn which one is refused. */
    boolean wantsEveryAnswer() {
        return number == 1;
    }

    /** Of a pause. */
    long millis() {
        return number;
    }

    BitSet places() {
        return Objects.requireNonNull(places);
    }

    CommitTrace trace() {
        return Objects.requireNonNull(trace);
    }

    NatsFailure failure() {
        return Objects.requireNonNull(failure);
    }

    /** For scripts. */
    @Override
    public String toString() {
        switch (step) {
            case BATCH:
                return wantsEveryAnswer() ? "batch with every answer" : "batch";
            case SEND:
                return "send " + places;
            case LOOK:
                return "look";
            case SCAN:
                return "scan "
                        + trace().from()
                        + " to "
                        + trace().upTo()
                        + (trace().isWhole() ? " whole" : "");
            case PAUSE:
                return "pause " + number;
            case DONE:
                return "done";
            case FAIL:
                return "fail " + failure().sentence();
        }
        throw new IllegalStateException("unknown: " + step);
    }
}

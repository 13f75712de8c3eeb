// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.record.HeaderBlock;
import io.github.flinknats.subject.Printable;
import java.util.Locale;
import org.apache.flink.annotation.Internal;

/**
 * A status that answers a pull instead of a message. The texts are the server's; an unknown one
 * means that the consumer cannot be trusted any more.
 */
@Internal
final class PullStatus {
    private final Meaning meaning;
    private final String text;
    private final int pull;
    private final long unusedMessages;
    private final long unusedBytes;

    private PullStatus(
            Meaning meaning, String text, int pull, long unusedMessages, long unusedBytes) {
        this.meaning = meaning;
        this.text = text;
        this.pull = pull;
        this.unusedMessages = unusedMessages;
        this.unusedBytes = unusedBytes;
    }

    /**
     * Reads a status.
     *
     * @param pull number of the pull it ends
     * @param unusedMessages header {@code Nats-Pending-Messages}
     * @param unusedBytes header {@code Nats-Pending-Bytes}
     */
    static PullStatus of(
            int code, String description, int pull, long unusedMessages, long unusedBytes) {
        String text = Printable.quote((code + " " + description).trim());
        return new PullStatus(
                meaning(code, description.toLowerCase(Locale.ROOT)),
                text,
                pull,
                unusedMessages,
                unusedBytes);
    }

    /** Reads the status that a message is, whose subject is that of a pull. */
    static PullStatus of(HeaderBlock block, String subject) {
        return of(
                block.code(),
                block.text(),
                PullConsumer.pullOf(subject),
                block.number("Nats-Pending-Messages"),
                block.number("Nats-Pending-Bytes"));
    }

    private static Meaning meaning(int code, String description) {
        switch (code) {
            case 404:
            case 408:
                return Meaning.FINISHED;
            case 400:
                return Meaning.REFUSED;
            case 409:
                if (description.startsWith("batch completed")) {
                    return Meaning.FINISHED;
                }
                if (description.startsWith("message size exceeds maxbytes")) {
                    return Meaning.TOO_LARGE;
                }
                return description.startsWith("exceeded maxrequest")
                        ? Meaning.REFUSED
                        : Meaning.GONE;
            default:
                return Meaning.GONE;
        }
    }

    Meaning meaning() {
        return meaning;
    }

    String text() {
        return text;
    }

    int pull() {
        return pull;
    }

    long unusedMessages() {
        return unusedMessages;
    }

    long unusedBytes() {
        return unusedBytes;
    }

    enum Meaning {
        /** The pull ended as it should. */
        FINISHED,
        /** The pull ended because the next message does not fit into it. */
        TOO_LARGE,
        /** A limit of the server or the consumer forbids such pulls. */
        REFUSED,
        /** The consumer, its leader or its server is gone. */
        GONE
    }
}

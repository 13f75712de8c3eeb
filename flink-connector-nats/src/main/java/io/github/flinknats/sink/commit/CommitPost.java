// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ByteText;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.Parcel;
import io.github.flinknats.client.PublishFailures;
import java.nio.charset.StandardCharsets;

/** Hands the messages of a commit to the client: in parcels, or alone what is too large. */
@OwnedBy(ThreadRole.TASK)
final class CommitPost {
    private static final ByteText NO_REPLY = new ByteText(0);

    private final NatsClient client;
    private final Commit commit;
    private final CommitHeaders headers;
    private final PublishFailures failures;
    private final PackedMessages.Reader reader;
    private final Parcel parcel = new Parcel();

    CommitPost(NatsClient client, Commit commit, CommitHeaders headers, PublishFailures failures) {
        this.client = client;
        this.commit = commit;
        this.headers = headers;
        this.failures = failures;
        this.reader = commit.packed().reader();
    }

    void addWithoutReply(int index) {
        add(index, NO_REPLY);
    }

    /**
     * Adds a message; it may not have left before {@link #flush}.
     *
     * @throws IllegalStateException when the connection is closed, or the client has no room
     */
    void add(int index, ByteText reply) {
        try {
            if (!client.takesParcels() || !pack(index, reply)) {
                flush();
                client.connection()
                        .publish(
                                commit.packed().subject(index),
                                reply.length() == 0
                                        ? null
                                        : new String(reply.toBytes(), StandardCharsets.UTF_8),
                                headers.headers(index),
                                commit.messages().get(index).payload());
            }
        } catch (IllegalArgumentException e) {
            throw failures.unsendable(commit.packed().subject(index), e);
        }
    }

    /** False when the message is too large for a parcel. */
    private boolean pack(int index, ByteText reply) {
        reader.move(index);
        if (!parcel.isEmpty() && pack(reply, headers.block(index))) {
            return true;
        }
        flush();
        return pack(reply, headers.block(index));
    }

    private boolean pack(ByteText reply, ByteText block) {
        return parcel.add(
                reader.subject(),
                reply,
                block,
                reader.array(),
                reader.payloadAt(),
                reader.payloadLength());
    }

    void flush() {
        client.publish(parcel);
    }
}

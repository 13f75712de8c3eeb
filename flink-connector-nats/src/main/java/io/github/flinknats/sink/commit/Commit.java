// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.NatsRecord;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one stream that a checkpoint holds, in order, and what is needed to find them again
 * in the stream. Each message has an id that no other one has: its own if the row brought one, else
 * one of the commit and its place in it.
 */
@Internal
public final class Commit {
    private final String id;
    private final String sinkId;
    private final String writer;
    private final CommitBase base;
    private final PackedMessages messages;

    private Commit(
            String id, String sinkId, String writer, CommitBase base, PackedMessages messages) {
        this.id = Objects.requireNonNull(id, "id");
        this.sinkId = Objects.requireNonNull(sinkId, "sinkId");
        this.writer = Objects.requireNonNull(writer, "writer");
        this.base = Objects.requireNonNull(base, "base");
        this.messages = messages;
        if (messages.size() == 0) {
            throw new IllegalArgumentException("A commit has messages.");
        }
    }

    /**
     * A commit.
     *
     * @param id random, and never given again
     * @param sinkId the user's name of the sink
     * @param writer random, of the writer that made the commit
     */
    public static Commit of(
            String id, String sinkId, String writer, CommitBase base, PackedMessages messages) {
        return new Commit(id, sinkId, writer, base, messages);
    }

    public String id() {
        return id;
    }

    /** The user's name of the sink. */
    public String sinkId() {
        return sinkId;
    }

    /** The writer that made the commit. */
    public String writer() {
        return writer;
    }

    public CommitBase base() {
        return base;
    }

    public PackedMessages packed() {
        return messages;
    }

    /** The messages; each is made anew whenever it is asked for. */
    List<OutgoingMessage> messages() {
        return messages.asList();
    }

    /** How many messages there are. */
    public int size() {
        return messages.size();
    }

    String stream() {
        return base.stream().name();
    }

    /** The id under which the stream stores a message. */
    String messageId(int index) {
        String own = ownId(index);
        return own == null ? idPrefix() + index : own;
    }

    /** The id that the row brought, or null. */
    @Nullable String ownId(int index) {
        return messages.headers(index).first(NatsRecord.MESSAGE_ID_HEADER);
    }

    /** What the ids of all messages begin with that brought none; their place follows. */
    String idPrefix() {
        return sinkId + '.' + id + '.';
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Commit)) {
            return false;
        }
        Commit that = (Commit) other;
        return id.equals(that.id)
                && sinkId.equals(that.sinkId)
                && writer.equals(that.writer)
                && base.equals(that.base)
                && messages.equals(that.messages);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Without what the messages hold. */
    @Override
    public String toString() {
        return "commit " + id + " of " + sinkId + ": " + size() + " messages for " + base;
    }
}

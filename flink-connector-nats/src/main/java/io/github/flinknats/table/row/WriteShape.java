// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** How a row of a table becomes a message. */
@Internal
public final class WriteShape implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @Nullable SubjectTarget subject;
    private final ArrayList<Integer> payload;
    private final ArrayList<WritableMetadata> metadata;
    private final RowKey key;
    private final boolean upsert;

    private WriteShape(
            @Nullable SubjectTarget subject,
            List<Integer> payload,
            List<WritableMetadata> metadata,
            RowKey key,
            boolean upsert) {
        this.subject = subject;
        this.payload = new ArrayList<>(payload);
        this.metadata = new ArrayList<>(metadata);
        this.key = key;
        this.upsert = upsert;
    }

    /**
     * Rows as the format encodes them.
     *
     * @param subject where they go, or null when each brings its subject
     * @param payload positions of the columns that are encoded
     */
    public static WriteShape of(
            @Nullable SubjectTarget subject, List<Integer> payload, RowKey key) {
        return new WriteShape(subject, payload, Collections.emptyList(), key, false);
    }

    /** With metadata behind the physical columns, in this order. */
    public WriteShape withMetadata(List<WritableMetadata> appended) {
        return new WriteShape(subject, payload, appended, key, upsert);
    }

    /**
     * Every row overwrites the one of its key, or deletes it. Where an update may move the row,
     * what it replaces is deleted first.
     */
    public WriteShape asUpsert() {
        return new WriteShape(subject, payload, metadata, key, true);
    }

    @Nullable SubjectTarget subject() {
        return subject;
    }

    List<Integer> payload() {
        return Collections.unmodifiableList(payload);
    }

    List<WritableMetadata> metadata() {
        return Collections.unmodifiableList(metadata);
    }

    RowKey key() {
        return key;
    }

    boolean isUpsert() {
        return upsert;
    }

    /** Whether an update may move its row to another subject: it holds more than the key. */
    public boolean mayMove() {
        return metadata.contains(WritableMetadata.SUBJECT)
                || (subject != null && !key.positions().containsAll(subject.positions()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof WriteShape)) {
            return false;
        }
        WriteShape that = (WriteShape) other;
        return Objects.equals(subject, that.subject)
                && payload.equals(that.payload)
                && metadata.equals(that.metadata)
                && key.equals(that.key)
                && upsert == that.upsert;
    }

    @Override
    public int hashCode() {
        return Objects.hash(subject, payload, metadata, key, upsert);
    }

    @Override
    public String toString() {
        return "to "
                + subject
                + ", payload "
                + payload
                + ", metadata "
                + metadata
                + ", key "
                + key
                + (upsert ? ", upsert" : "");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * How far reading through a durable consumer has come: what has been emitted, so that it is not
 * emitted again when the server delivers it again, and what of it is still to be acknowledged.
 */
@Internal
public final class DurableProgress implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String consumer;
    private final Instant created;
    private final ArrayList<SequenceRange> emitted;
    private final ArrayList<SequenceRange> unacknowledged;

    private DurableProgress(
            String consumer,
            Instant created,
            List<SequenceRange> emitted,
            List<SequenceRange> unacknowledged) {
        this.consumer = consumer;
        this.created = created;
        this.emitted = new ArrayList<>(emitted);
        this.unacknowledged = new ArrayList<>(unacknowledged);
    }

    /** Nothing has been read through the consumer. */
    public static DurableProgress none(String consumer, Instant created) {
        return new DurableProgress(
                consumer, created, Collections.emptyList(), Collections.emptyList());
    }

    /**
     * The progress of the same consumer.
     *
     * @param emittedRanges ascending ranges of what must not be emitted again
     * @param unacknowledgedRanges those of it whose acknowledgement is not confirmed
     */
    public DurableProgress with(
            List<SequenceRange> emittedRanges, List<SequenceRange> unacknowledgedRanges) {
        return new DurableProgress(consumer, created, emittedRanges, unacknowledgedRanges);
    }

    /** The durable consumer's name. */
    public String consumer() {
        return consumer;
    }

    /** When it was made. */
    public Instant created() {
        return created;
    }

    /** What must not be emitted again. */
    public List<SequenceRange> emitted() {
        return Collections.unmodifiableList(emitted);
    }

    /** What of it the server has not yet confirmed to be acknowledged. */
    public List<SequenceRange> unacknowledged() {
        return Collections.unmodifiableList(unacknowledged);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof DurableProgress)) {
            return false;
        }
        DurableProgress that = (DurableProgress) other;
        return consumer.equals(that.consumer)
                && created.equals(that.created)
                && emitted.equals(that.emitted)
                && unacknowledged.equals(that.unacknowledged);
    }

    @Override
    public int hashCode() {
        return Objects.hash(consumer, created, emitted, unacknowledged);
    }

    @Override
    public String toString() {
        return "consumer "
                + consumer
                + ", emitted in "
                + emitted.size()
                + " range(s), unacknowledged "
                + unacknowledged;
    }
}

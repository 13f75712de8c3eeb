// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.split;

import io.github.flinknats.client.StreamIdentity;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceSplit;
import org.jspecify.annotations.Nullable;

/** A part of a stream that one cursor reads in stream order, and how far it has come. Immutable. */
@Internal
public final class NatsSplit implements SourceSplit, Serializable {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final StreamIdentity stream;
    private final ArrayList<String> filters;
    private final SequenceRange range;
    private final LastRead lastRead;

    private NatsSplit(
            String id,
            StreamIdentity stream,
            List<String> filters,
            SequenceRange range,
            LastRead lastRead) {
        this.id = id;
        this.stream = stream;
        this.filters = new ArrayList<>(filters);
        this.range = range;
        this.lastRead = lastRead;
    }

    /**
     * A split of which nothing has been read.
     *
     * @param filters disjoint subject filters; none means all subjects of the stream
     */
    public static NatsSplit of(StreamIdentity stream, List<String> filters, SequenceRange range) {
        return new NatsSplit(
                idOf(stream.name(), filters), stream, filters, range, LastRead.nothing());
    }

    /** A split that is read by acknowledging, through a durable consumer. */
    public static NatsSplit durable(
            StreamIdentity stream, List<String> filters, DurableProgress progress) {
        return new NatsSplit(
                stream.name() + "/" + progress.consumer(),
                stream,
                filters,
                SequenceRange.from(1),
                LastRead.nothing().through(progress));
    }

    private static String idOf(String stream, List<String> filters) {
        if (filters.isEmpty()) {
            return stream;
        }
        String first = stream + ':' + filters.get(0);
        // Long lists must not make long metric names, yet must not share an id either.
        return filters.size() == 1
                ? first
                : first
                        + "+"
                        + (filters.size() - 1)
                        + '#'
                        + Integer.toHexString(filters.hashCode());
    }

    static NatsSplit restored(
            String id,
            StreamIdentity stream,
            List<String> filters,
            SequenceRange range,
            LastRead lastRead) {
        return new NatsSplit(id, stream, filters, range, lastRead);
    }

    /** The same split, read up to but not including {@code next}. */
    public NatsSplit readUpTo(long next, LastRead last) {
        return new NatsSplit(id, stream, filters, range.startingAt(next), last);
    }

    /**
     * The same part of a stream that has become another one: nothing of it has been read.
     *
     * @param identity the stream as it is now
     * @param rest what is to be read of it
     */
    public NatsSplit movedTo(StreamIdentity identity, SequenceRange rest) {
        return new NatsSplit(id, identity, filters, rest, LastRead.nothing());
    }

    /** The same split with other filters, where it stands. */
    public NatsSplit withFilters(List<String> others) {
        return new NatsSplit(id, stream, others, range, lastRead);
    }

    @Override
    public String splitId() {
        return id;
    }

    public StreamIdentity stream() {
        return stream;
    }

    /** Disjoint subject filters; none means all subjects of the stream. */
    public List<String> filters() {
        return Collections.unmodifiableList(filters);
    }

    public SequenceRange range() {
        return range;
    }

    public LastRead lastRead() {
        return lastRead;
    }

    /** Progress through a durable consumer; null when the split is read without one. */
    public @Nullable DurableProgress durable() {
        return lastRead.durable();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof NatsSplit)) {
            return false;
        }
        NatsSplit that = (NatsSplit) other;
        return id.equals(that.id)
                && stream.equals(that.stream)
                && filters.equals(that.filters)
                && range.equals(that.range)
                && lastRead.equals(that.lastRead);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, stream, filters, range, lastRead);
    }

    @Override
    public String toString() {
        return id + " [" + range + "], last read " + lastRead;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordDeserializer;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import io.github.flinknats.subject.SubjectFilter;
import io.github.flinknats.subject.SubjectSet;
import io.github.flinknats.subject.Subjects;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link NatsSource}. Required: a connection, a deserializer, and a stream or subjects.
 *
 * @param <T> type of the records
 */
@PublicEvolving
@OwnedBy(ThreadRole.PLAN)
public final class NatsSourceBuilder<T> {
    private @Nullable ConnectionSettings connection;
    private List<String> streams = Collections.emptyList();
    private List<String> subjects = Collections.emptyList();
    private StartPosition start = StartPosition.earliest();
    private StopPosition stop = StopPosition.never();
    private Ordering ordering = Ordering.FILTER;
    private Narrowing narrowing = Narrowing.everything();
    private ReadSettings readSettings = ReadSettings.defaults();
    private @Nullable NatsRecordDeserializer<T> deserializer;

    NatsSourceBuilder() {}

    /** How to reach the server. Required. */
    public NatsSourceBuilder<T> setConnection(ConnectionSettings settings) {
        this.connection = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * The stream; found by the subjects when not set.
     *
     * @throws IllegalArgumentException for a name that JetStream refuses
     */
    public NatsSourceBuilder<T> setStream(String name) {
        return setStreams(Collections.singletonList(name));
    }

    /**
     * Several streams, read side by side: there is no order between them.
     *
     * @throws IllegalArgumentException for a name that JetStream refuses
     */
    public NatsSourceBuilder<T> setStreams(List<String> names) {
        for (String name : names) {
            String problem = Subjects.streamNameProblem(name);
            if (problem != null) {
                throw new IllegalArgumentException(problem);
            }
        }
        this.streams = names.stream().distinct().collect(Collectors.toList());
        return this;
    }

    /** Subject filters, wildcards allowed; all subjects of the stream when not set. */
    public NatsSourceBuilder<T> setSubjects(String... filters) {
        return setSubjects(Arrays.asList(filters));
    }

    /**
     * Subject filters, wildcards allowed; all subjects of the stream when not set. One that another
     * covers is left out, so that nothing is read twice.
     *
     * @throws IllegalArgumentException for a filter that is none, and for two that overlap without
     *     one covering the other
     */
    public NatsSourceBuilder<T> setSubjects(List<String> filters) {
        this.subjects =
                SubjectSet.of(
                                filters.stream()
                                        .map(SubjectFilter::parse)
                                        .collect(Collectors.toList()))
                        .texts();
        return this;
    }

    /** Where to start without a checkpoint; default: the first message of the stream. */
    public NatsSourceBuilder<T> setStart(StartPosition position) {
        this.start = Objects.requireNonNull(position, "position");
        return this;
    }

    /**
     * Reads through a durable consumer by acknowledging, the only way to read work-queue and
     * interest streams; in place of {@link #setStart}. One subtask reads, whatever the parallelism.
     * Needs checkpoints, and no end.
     */
    public NatsSourceBuilder<T> setDurableConsumer(DurableConsumer consumer) {
        return setStart(StartPosition.ofConsumer(consumer));
    }

    /** Where to end; default: never. Any other position makes the source bounded. */
    public NatsSourceBuilder<T> setStop(StopPosition position) {
        this.stop = Objects.requireNonNull(position, "position");
        return this;
    }

    /** The scope of order; default: per filter. */
    public NatsSourceBuilder<T> setOrdering(Ordering scope) {
        this.ordering = Objects.requireNonNull(scope, "scope");
        return this;
    }

    /** Leaves out messages that whoever takes the records would drop; default: none. */
    @Internal
    public NatsSourceBuilder<T> setNarrowing(Narrowing passing) {
        this.narrowing = Objects.requireNonNull(passing, "passing");
        return this;
    }

    /**
     * How much may be in flight per split, how fast to read, and what to do with bad records and
     * when messages are gone.
     */
    public NatsSourceBuilder<T> setReadSettings(ReadSettings settings) {
        this.readSettings = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /** How messages become records. Required. */
    public NatsSourceBuilder<T> setDeserializer(NatsRecordDeserializer<T> recordDeserializer) {
        this.deserializer = Objects.requireNonNull(recordDeserializer, "deserializer");
        return this;
    }

    /** Decodes payloads alone, by a Flink schema. */
    public NatsSourceBuilder<T> setValueOnlyDeserializer(DeserializationSchema<T> schema) {
        return setDeserializer(NatsRecordDeserializer.valueOnly(schema));
    }

    /**
     * Makes the source.
     *
     * @throws IllegalStateException naming the setter that was not called, or two that conflict
     */
    public NatsSource<T> build() {
        ConnectionSettings server = required(connection, "setConnection");
        NatsRecordDeserializer<T> decoder = required(deserializer, "setDeserializer");
        if (streams.isEmpty() && subjects.isEmpty()) {
            throw new IllegalStateException("Call setStream or setSubjects: nothing to read.");
        }
        if (start.consumer() != null && stop.isBounded()) {
            throw new IllegalStateException(
                    "Call either setDurableConsumer or setStop: what is read by acknowledging may"
                            + " be delivered again at any time, so it has no end.");
        }
        if (start.consumer() != null && streams.size() > 1) {
            throw new IllegalStateException(
                    "A durable consumer belongs to one stream: call setDurableConsumer with one"
                            + " stream only.");
        }
        ReadPlan plan =
                ReadPlan.ofStreams(streams, subjects)
                        .withRange(start, stop)
                        .withOrdering(ordering)
                        .withNarrowing(narrowing);
        String deadLetters = readSettings.badRecords().deadLetterSubject();
        if (deadLetters != null && plan.lists(deadLetters)) {
            throw new IllegalStateException(
                    "Bad records sent to '"
                            + deadLetters
                            + "' would be read again for ever: choose another subject in the policy"
                            + " given to setReadSettings, or other ones in setSubjects.");
        }
        return new NatsSource<>(server, plan, readSettings, decoder);
    }

    private static <V> V required(@Nullable V value, String setter) {
        if (value == null) {
            throw new IllegalStateException("Call " + setter + " before build: it is required.");
        }
        return value;
    }
}

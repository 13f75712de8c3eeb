// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.ConsumerSpec;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamApi;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.subject.SubjectFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;

/**
 * Asks the server, once, what a plan means: which stream, which sequences, which splits. Blocks;
 * worker thread.
 */
@Internal
final class ReadPlanner {
    private final ConnectionSettings connection;
    private final Failures failures;
    private final ReadPlan plan;
    private final ReadSettings settings;

    ReadPlanner(ConnectionSettings connection, ReadPlan plan, ReadSettings settings) {
        this.connection = connection;
        this.failures = Failures.at(connection);
        this.plan = plan;
        this.settings = settings;
    }

    /**
     * Connects, plans what has not been planned before, disconnects.
     *
     * @throws NatsFailure when the server cannot be reached or the plan does not fit it
     */
    PlannedSplits plan(Planned before) {
        try (NatsClient client = connect()) {
            return plan(client.streams(), before);
        }
    }

    private NatsClient connect() {
        return NatsClient.connect(connection, NatsClient.Listener.NONE, true);
    }

    private PlannedSplits plan(StreamApi streams, Planned before) {
        DurableConsumer consumer = plan.start().consumer();
        Collection<StreamFacts> all = plan.streams().isEmpty() ? found(streams) : named(streams);
        for (StreamFacts facts : all) {
            if (!facts.shape().isReplayable() && consumer == null) {
                throw failures.notReplayable(facts.identity().name(), facts.shape().retention());
            }
        }
        Map<StreamFacts, List<String>> filters = carried(all);
        List<NatsSplit> splits = new ArrayList<>();
        Map<String, List<String>> planned = new TreeMap<>();
        filters.forEach(
                (facts, list) -> {
                    String name = facts.identity().name();
                    List<String> known = before.filtersOf(name);
                    planned.put(name, Planned.written(list));
                    splits.addAll(
                            consumer == null
                                    ? newSplits(streams, facts, list, known)
                                    : newDurable(streams, facts, consumer, known));
                });
        return new PlannedSplits(Planned.of(plan.ordering(), planned), splits);
    }

    /**
     * How many messages a plan with an end has to read, of those that there are.
     *
     * @throws NatsFailure when the server cannot be reached or the plan does not fit it
     */
    long count() {
        try (NatsClient client = connect()) {
            StreamApi streams = client.streams();
            return plan(streams, Planned.nothing(plan.ordering())).splits().stream()
                    .mapToLong(split -> count(streams, split))
                    .sum();
        }
    }

    private long count(StreamApi streams, NatsSplit split) {
        SequenceRange range = split.range();
        long stop = Math.min(range.stop(), plan.narrowing().lastSequence());
        if (plan.narrowing().passesNothing(split.filters()) || stop < range.next()) {
            return 0;
        }
        String stream = split.stream().name();
        List<String> filters = plan.narrowing().narrow(split.filters());
        if (range.snapshotEnd() >= range.next()) {
            return StreamApi.await(
                    streams.count(ConsumerSpec.lastPerSubject(stream, consumerName(), filters)));
        }
        long behind = waiting(streams, stream, filters, stop + 1);
        return Math.max(0, waiting(streams, stream, filters, range.next()) - behind);
    }

    private static long waiting(
            StreamApi streams, String stream, List<String> filters, long sequence) {
        return StreamApi.await(
                streams.count(
                        ConsumerSpec.fromSequence(stream, consumerName(), filters, sequence)));
    }

    private List<NatsSplit> newSplits(
            StreamApi streams, StreamFacts facts, List<String> filters, List<String> before) {
        Set<String> known = new HashSet<>(before);
        List<String> added =
                Planned.written(filters).stream()
                        .filter(filter -> !known.contains(filter))
                        .collect(Collectors.toList());
        boolean join = plan.ordering() == Ordering.STREAM && !before.isEmpty();
        if (added.isEmpty() || join) {
            return Collections.emptyList();
        }
        List<String> fresh = filters.isEmpty() ? filters : added;
        String stream = facts.identity().name();
        SequenceRange range =
                new PositionResolver(
                                facts,
                                instant ->
                                        StreamApi.await(
                                                streams.sequenceAt(
                                                        stream, fresh, consumerName(), instant)))
                        .resolve(plan.start(), plan.stop(), plan.narrowing());
        return SplitPlanner.plan(facts.identity(), fresh, plan.ordering(), range);
    }

    /** Looks at the consumer in any case: its filters must cover those of a changed table. */
    private List<NatsSplit> newDurable(
            StreamApi streams, StreamFacts facts, DurableConsumer consumer, List<String> before) {
        List<NatsSplit> splits =
                new DurablePlanner(streams, failures, plan.filters()).plan(facts, consumer);
        return before.isEmpty() ? splits : Collections.emptyList();
    }

    private static String consumerName() {
        return "flink-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    private List<StreamFacts> named(StreamApi streams) {
        List<StreamFacts> named = new ArrayList<>();
        for (String name : plan.streams()) {
            named.add(StreamApi.await(streams.info(name)));
        }
        return named;
    }

    /** A request for each filter would take long for thousands of them. */
    private Collection<StreamFacts> found(StreamApi streams) {
        Map<String, StreamFacts> found = new TreeMap<>();
        List<SubjectFilter> carried = new ArrayList<>();
        for (String text : plan.filters()) {
            SubjectFilter filter = SubjectFilter.parse(text);
            if (carried.stream().anyMatch(subjects -> subjects.covers(filter))) {
                continue; // No two streams of an account carry the same subject.
            }
            for (String name : StreamApi.await(streams.namesCarrying(text))) {
                if (!found.containsKey(name)) {
                    StreamFacts facts = StreamApi.await(streams.info(name));
                    found.put(name, facts);
                    carried.addAll(parsed(facts.shape().subjects()));
                }
            }
        }
        if (found.size() != 1) {
            throw failures.streamNotFound(plan.filters(), new ArrayList<>(found.keySet()));
        }
        return found.values();
    }

    /** The filters by the streams that carry some of them. */
    private Map<StreamFacts, List<String>> carried(Collection<StreamFacts> streams) {
        Map<StreamFacts, List<String>> carried = new LinkedHashMap<>();
        Set<String> strangers = new LinkedHashSet<>(plan.filters());
        for (StreamFacts facts : streams) {
            List<String> filters = carriedBy(facts);
            filters.forEach(strangers::remove);
            // The server would accept other filters and never deliver anything.
            if (filters.isEmpty() && !plan.filters().isEmpty()) {
                throw failures.notInStream(
                        facts.identity().name(), plan.filters(), facts.shape().subjects());
            }
            carried.put(facts, filters);
        }
        if (!strangers.isEmpty()) {
            List<String> subjects = new ArrayList<>();
            streams.forEach(facts -> subjects.addAll(facts.shape().subjects()));
            throw failures.notInStream(
                    streams.stream()
                            .map(facts -> facts.identity().name())
                            .collect(Collectors.joining(", ")),
                    new ArrayList<>(strangers),
                    subjects);
        }
        return carried;
    }

    private List<String> carriedBy(StreamFacts facts) {
        if (facts.shape().isFedByStreams()) {
            return plan.filters(); // Stored subjects may differ from the configured ones.
        }
        List<SubjectFilter> subjects = parsed(facts.shape().subjects());
        String deadLetters = settings.badRecords().deadLetterSubject();
        if (deadLetters != null
                && plan.filters().isEmpty()
                && subjects.stream().anyMatch(filter -> filter.matches(deadLetters))) {
            throw failures.deadLetterLoop(deadLetters, facts.identity().name());
        }
        return plan.filters().stream()
                .filter(filter -> overlapsAny(SubjectFilter.parse(filter), subjects))
                .collect(Collectors.toList());
    }

    private static List<SubjectFilter> parsed(List<String> subjects) {
        return subjects.stream().map(SubjectFilter::parse).collect(Collectors.toList());
    }

    private static boolean overlapsAny(SubjectFilter filter, List<SubjectFilter> carried) {
        return carried.stream().anyMatch(filter::overlaps);
    }
}

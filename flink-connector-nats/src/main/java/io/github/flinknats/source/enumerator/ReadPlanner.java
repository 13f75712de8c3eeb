// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamApi;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.subject.SubjectFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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
     * Connects, plans, disconnects.
     *
     * @throws NatsFailure when the server cannot be reached or the plan does not fit it
     */
    List<NatsSplit> planSplits() {
        try (NatsClient client = NatsClient.connect(connection, NatsClient.Listener.NONE, true)) {
            StreamApi streams = client.streams();
            StreamFacts facts = StreamApi.await(streams.info(streamName(streams)));
            check(facts);
            DurableConsumer consumer = plan.start().consumer();
            if (consumer != null) {
                return new DurablePlanner(streams, failures, plan.filters()).plan(facts, consumer);
            }
            SequenceRange range =
                    new PositionResolver(
                                    facts,
                                    instant ->
                                            StreamApi.await(
                                                    streams.sequenceAt(
                                                            facts.identity().name(),
                                                            plan.filters(),
                                                            consumerName(),
                                                            instant)))
                            .resolve(plan.start(), plan.stop());
            return SplitPlanner.plan(facts.identity(), plan.filters(), plan.ordering(), range);
        }
    }

    private static String consumerName() {
        return "flink-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    private String streamName(StreamApi streams) {
        String named = plan.stream();
        if (named != null) {
            return named;
        }
        TreeSet<String> found = new TreeSet<>();
        for (String filter : plan.filters()) {
            found.addAll(StreamApi.await(streams.namesCarrying(filter)));
        }
        if (found.size() != 1) {
            throw failures.streamNotFound(plan.filters(), new ArrayList<>(found));
        }
        return found.first();
    }

    private void check(StreamFacts facts) {
        String name = facts.identity().name();
        if (!facts.shape().isReplayable() && plan.start().consumer() == null) {
            throw failures.notReplayable(name, facts.shape().retention());
        }
        if (facts.shape().isFedByStreams()) {
            return; // Stored subjects may differ from the configured ones.
        }
        List<SubjectFilter> carried =
                facts.shape().subjects().stream()
                        .map(SubjectFilter::parse)
                        .collect(Collectors.toList());
        List<String> strangers =
                plan.filters().stream()
                        .filter(filter -> !overlapsAny(SubjectFilter.parse(filter), carried))
                        .collect(Collectors.toList());
        if (!strangers.isEmpty()) {
            // The server would accept such a filter and never deliver anything.
            throw failures.notInStream(name, strangers, facts.shape().subjects());
        }
        String deadLetters = settings.badRecords().deadLetterSubject();
        if (deadLetters != null
                && plan.filters().isEmpty()
                && carried.stream().anyMatch(filter -> filter.matches(deadLetters))) {
            throw failures.deadLetterLoop(deadLetters, name);
        }
    }

    private static boolean overlapsAny(SubjectFilter filter, List<SubjectFilter> carried) {
        return carried.stream().anyMatch(filter::overlaps);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.client.ConsumerFacts;
import io.github.flinknats.client.DurableFailures;
import io.github.flinknats.client.DurableSpec;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.StreamApi;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.split.DurableProgress;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.subject.SubjectFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds or makes a durable consumer and sees to it that it delivers what the table wants, no more
 * and no less. Blocks; worker thread.
 */
@Internal
final class DurablePlanner {
    private static final Logger LOG = LoggerFactory.getLogger(DurablePlanner.class);

    private final StreamApi streams;
    private final Failures failures;
    private final List<String> wanted;

    /**
     * A planner of one table.
     *
     * @param wanted the table's disjoint filters; none means all subjects of the stream
     */
    DurablePlanner(StreamApi streams, Failures failures, List<String> wanted) {
        this.streams = streams;
        this.failures = failures;
        this.wanted = wanted;
    }

    List<NatsSplit> plan(StreamFacts stream, DurableConsumer consumer) {
        String name = stream.identity().name();
        DurableFailures durableFailures = failures.durable(name, consumer.name());
        ConsumerFacts facts =
                StreamApi.await(streams.findConsumer(name, consumer.name())).orElse(null);
        if (facts == null) {
            if (!consumer.isCreatedIfMissing()) {
                throw durableFailures.missing();
            }
            facts =
                    StreamApi.await(
                            streams.createDurable(DurableSpec.of(name, consumer.name(), wanted)));
            LOG.info("Created durable consumer {} of stream {}: {}", consumer.name(), name, facts);
        }
        List<String> faults = new ArrayList<>(facts.faults());
        faults.addAll(mismatches(wanted, facts.filters(), stream.shape().subjects()));
        if (!faults.isEmpty()) {
            throw durableFailures.incompatible(faults);
        }
        if (facts.limits().maxDeliver() > 0) {
            LOG.warn(
                    "Consumer {} of stream {} gives up a message that was delivered {} times, its"
                            + " 'max_deliver': after so many restarts the job would miss it.",
                    consumer.name(),
                    name,
                    facts.limits().maxDeliver());
        }
        return Collections.singletonList(
                NatsSplit.durable(
                        stream.identity(),
                        facts.filters(),
                        DurableProgress.none(consumer.name(), facts.created())));
    }

    /**
     * How what is delivered differs from what is wanted.
     *
     * @param delivered the consumer's filters; none means all subjects of the stream
     * @param carried the stream's subjects; none when it is fed by other streams
     */
    static List<String> mismatches(
            List<String> wanted, List<String> delivered, List<String> carried) {
        List<String> faults = new ArrayList<>();
        if (wanted.isEmpty()) {
            return faults;
        }
        List<String> coming = delivered.isEmpty() ? carried : delivered;
        for (String filter : coming) {
            SubjectFilter comes = SubjectFilter.parse(filter);
            if (wanted.stream().noneMatch(want -> SubjectFilter.parse(want).covers(comes))) {
                faults.add(
                        (delivered.isEmpty()
                                        ? "it has no filter and delivers '" + filter
                                        : "its filter '" + filter)
                                + "', which 'nats.subject' "
                                + wanted
                                + " does not cover");
            }
        }
        for (String want : wanted) {
            SubjectFilter wants = SubjectFilter.parse(want);
            if (!coming.isEmpty()
                    && coming.stream().noneMatch(f -> SubjectFilter.parse(f).overlaps(wants))) {
                faults.add("its filters " + coming + " deliver nothing of '" + want + "'");
            }
        }
        return faults;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import io.github.flinknats.source.split.NatsSplitState;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is shown of one split while it is read. Set by its threads, read by reporters. */
@Internal
final class SplitMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(SplitMetrics.class);

    private final MetricGroup group;
    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong consumers = new AtomicLong();
    private final AtomicLong consumerMadeAt = new AtomicLong();
    private final AtomicLong reconnects = new AtomicLong();
    private final AtomicLong dataLosses = new AtomicLong();

    SplitMetrics(MetricGroup parent, NatsSplitState state) {
        this.group = parent.addGroup("split", state.splitId());
        group.gauge("currentSequence", (Gauge<Long>) state::lastSequence);
        group.gauge("pendingRecords", (Gauge<Long>) pending::get);
        group.gauge("consumersCreated", (Gauge<Long>) consumers::get);
        group.gauge("lastConsumerCreation", (Gauge<Long>) consumerMadeAt::get);
        group.gauge("reconnects", (Gauge<Long>) reconnects::get);
        group.gauge("dataLosses", (Gauge<Long>) dataLosses::get);
    }

    void onPending(long messages) {
        pending.lazySet(messages);
    }

    void onConsumer(long nowMillis) {
        consumers.incrementAndGet();
        consumerMadeAt.set(nowMillis);
    }

    void onReconnected() {
        reconnects.incrementAndGet();
    }

    void onDataLoss() {
        dataLosses.incrementAndGet();
    }

    long pending() {
        return pending.get();
    }

    /**
     * Takes the split's metrics back. Flink's public API has no word for it, though every group of
     * its own has the method; without it they would stay at their last values.
     */
    void remove() {
        try {
            group.getClass().getMethod("close").invoke(group);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            LOG.debug("The metrics of a finished split stay", e);
        }
    }
}

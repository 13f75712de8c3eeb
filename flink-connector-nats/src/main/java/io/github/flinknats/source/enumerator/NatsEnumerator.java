// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.NatsSplit;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's side of planning.
 *
 * <ol>
 *   <li>A new job resolves its positions once, on the worker thread ({@link ReadPlanner}); until
 *       then readers wait, and a checkpoint says "not planned".
 *   <li>Resolved splits are handed to readers as these register, each to its owner.
 *   <li>In a bounded job, a reader that has got all its splits is told that no more will come.
 *   <li>A restored job never asks for positions again: readers bring their splits with them, and
 *       what no reader had is in the enumerator's state.
 * </ol>
 */
@Internal
@OwnedBy(ThreadRole.COORDINATOR)
public final class NatsEnumerator implements SplitEnumerator<NatsSplit, EnumeratorState> {
    private static final Logger LOG = LoggerFactory.getLogger(NatsEnumerator.class);

    private final SplitEnumeratorContext<NatsSplit> context;
    private final ReadPlan plan;
    private final ReadPlanner planner;
    private final SplitAssigner assigner;
    private boolean planned;

    /**
     * @param restored the state of a checkpoint, or null in a new job
     */
    public NatsEnumerator(
            SplitEnumeratorContext<NatsSplit> context,
            ConnectionSettings connection,
            ReadPlan plan,
            ReadSettings settings,
            @Nullable EnumeratorState restored) {
        this.context = context;
        this.plan = plan;
        this.planner = new ReadPlanner(connection, plan, settings);
        this.assigner = new SplitAssigner(context.currentParallelism());
        if (restored != null && restored.isPlanned()) {
            planned = true;
            assigner.add(restored.unassigned());
        }
    }

    @Override
    public void start() {
        if (!planned) {
            context.callAsync(planner::planSplits, this::onPlanned);
        }
    }

    private void onPlanned(@Nullable List<NatsSplit> splits, @Nullable Throwable error) {
        if (error != null || splits == null) {
            throw new FlinkRuntimeException(
                    "Cannot start to read " + plan.target() + " of NATS", error);
        }
        LOG.info("Reading {} in {} split(s): {}", plan, splits.size(), splits);
        planned = true;
        assigner.add(splits);
        context.registeredReaders().keySet().forEach(this::assign);
    }

    @Override
    public void addReader(int reader) {
        assign(reader);
    }

    private void assign(int reader) {
        if (!planned || !context.registeredReaders().containsKey(reader)) {
            return;
        }
        for (NatsSplit split : assigner.assign(reader)) {
            context.assignSplit(split, reader);
        }
        if (plan.stop().isBounded()) {
            // Only here: Flink leaves readers that expect nothing more out of watermark alignment.
            context.signalNoMoreSplits(reader);
        }
    }

    @Override
    public void addSplitsBack(List<NatsSplit> splits, int reader) {
        assigner.takeBack(splits, reader);
        assign(reader);
    }

    @Override
    public void handleSplitRequest(int reader, @Nullable String hostName) {
        // Splits are pushed when a reader registers; ours never ask.
    }

    @Override
    public EnumeratorState snapshotState(long checkpointId) {
        return planned
                ? EnumeratorState.planned(assigner.unassigned())
                : EnumeratorState.unplanned();
    }

    @Override
    public void close() {
        // Nothing is open: the planner closes its connection itself.
    }
}

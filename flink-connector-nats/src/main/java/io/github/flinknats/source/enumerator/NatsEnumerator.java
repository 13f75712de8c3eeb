// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SplitFit;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;
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
 *       what no reader had is in the enumerator's state. Only streams and filters that are new in
 *       the table are planned, then.
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
    private final Failures failures;
    private final LimitTally tally;
    private @Nullable Planned planned;
    private boolean planning;

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
        this.failures = Failures.at(connection);
        this.tally = new LimitTally(plan.stop().rowLimit());
        if (restored != null && restored.planned() != null) {
            planned = restored.planned();
            assigner.add(SplitFit.fit(restored.unassigned(), plan));
        }
    }

    @Override
    public void start() {
        Planned before = planned;
        if (before == null) {
            plan(Planned.nothing(plan.ordering()));
            return;
        }
        PlanChange change = new PlanChange(plan, before, failures);
        if (change.isAny()) {
            if (plan.start().consumer() == null) {
                change.check();
            }
            plan(before);
        }
    }

    private void plan(Planned before) {
        planning = true;
        context.callAsync(() -> planner.plan(before), this::onPlanned);
    }

    private void onPlanned(@Nullable PlannedSplits outcome, @Nullable Throwable error) {
        if (error != null || outcome == null) {
            throw new FlinkRuntimeException(
                    "Cannot start to read " + plan.target() + " of NATS", error);
        }
        LOG.info(
                "Reading {} in {} new split(s): {}",
                plan,
                outcome.splits().size(),
                outcome.splits());
        planning = false;
        planned = outcome.planned();
        assigner.add(outcome.splits());
        context.registeredReaders().keySet().forEach(this::assign);
    }

    @Override
    public void addReader(int reader) {
        tally.started(reader);
        if (tally.isReached()) {
            context.sendEventToSourceReader(reader, new LimitReached());
        }
        assign(reader);
    }

    private void assign(int reader) {
        if (planning || !context.registeredReaders().containsKey(reader)) {
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
    public void handleSourceEvent(int reader, SourceEvent event) {
        if (event instanceof RowsEmitted && tally.emitted(reader, ((RowsEmitted) event).rows())) {
            for (int each : context.registeredReaders().keySet()) {
                context.sendEventToSourceReader(each, new LimitReached());
            }
        }
    }

    @Override
    public EnumeratorState snapshotState(long checkpointId) {
        return planned == null
                ? EnumeratorState.unplanned()
                : EnumeratorState.of(planned, assigner.unassigned());
    }

    @Override
    public void close() {
        // Nothing is open: the planner closes its connection itself.
    }
}

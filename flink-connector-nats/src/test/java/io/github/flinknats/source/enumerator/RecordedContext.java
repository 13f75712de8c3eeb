// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.split.NatsSplit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Flink's side of an enumerator: writes down what it is told, and answers plans when asked to. */
final class RecordedContext implements SplitEnumeratorContext<NatsSplit> {
    private final int parallelism;
    private final Map<Integer, ReaderInfo> readers = new HashMap<>();
    private final Map<Integer, List<NatsSplit>> assigned = new HashMap<>();
    private final List<String> history = new ArrayList<>();
    private final List<BiConsumer<Object, Throwable>> plans = new ArrayList<>();
    private int plansAsked;

    RecordedContext(int parallelism) {
        this.parallelism = parallelism;
    }

    void register(int reader) {
        readers.put(reader, new ReaderInfo(reader, "localhost"));
    }

    void unregister(int reader) {
        readers.remove(reader);
    }

    List<String> history() {
        return history;
    }

    List<NatsSplit> assigned(int reader) {
        return assigned.get(reader);
    }

    int plansAsked() {
        return plansAsked;
    }

    void answerPlan(PlannedSplits outcome) {
        plans.remove(0).accept(outcome, null);
    }

    void failPlan(Throwable cause) {
        plans.remove(0).accept(null, cause);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
    }

    @Override
    public void sendEventToSourceReader(
            int reader, org.apache.flink.api.connector.source.SourceEvent event) {
        history.add(event.getClass().getSimpleName() + " to " + reader);
    }

    @Override
    public int currentParallelism() {
        return parallelism;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return readers;
    }

    @Override
    public void assignSplits(SplitsAssignment<NatsSplit> assignment) {
        assignment
                .assignment()
                .forEach(
                        (reader, splits) ->
                                splits.forEach(
                                        split -> {
                                            history.add(
                                                    reader + " reads " + split.filters().get(0));
                                            assigned.computeIfAbsent(
                                                            reader, key -> new ArrayList<>())
                                                    .add(split);
                                        }));
    }

    @Override
    public void signalNoMoreSplits(int reader) {
        history.add("no more for " + reader);
    }

    /** The blocking call is not made: the test answers in its place. */
    @Override
    @SuppressWarnings("unchecked")
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        plansAsked++;
        plans.add((splits, error) -> handler.accept((T) splits, error));
    }

    @Override
    public <T> void callAsync(
            Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
        throw new UnsupportedOperationException();
    }
}

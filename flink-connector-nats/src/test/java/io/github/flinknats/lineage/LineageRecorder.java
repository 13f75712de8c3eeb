// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.lineage;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobStatusChangedEvent;
import org.apache.flink.core.execution.JobStatusChangedListener;
import org.apache.flink.core.execution.JobStatusChangedListenerFactory;
import org.apache.flink.streaming.api.lineage.DatasetConfigFacet;
import org.apache.flink.streaming.api.lineage.LineageDataset;
import org.apache.flink.streaming.api.lineage.LineageGraph;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.SourceLineageVertex;
import org.apache.flink.streaming.runtime.execution.JobCreatedEvent;

/** Writes down what a listener of jobs is told, as a system that collects lineage would. */
public final class LineageRecorder implements JobStatusChangedListenerFactory {
    /** Of the sources, and of the sinks, of all jobs since the last {@link #clear}. */
    public static final Queue<String> SOURCES = new ConcurrentLinkedQueue<>();

    public static final Queue<String> SINKS = new ConcurrentLinkedQueue<>();

    public static void clear() {
        SOURCES.clear();
        SINKS.clear();
    }

    @Override
    public JobStatusChangedListener createListener(Context context) {
        return LineageRecorder::record;
    }

    private static void record(JobStatusChangedEvent event) {
        if (event instanceof JobCreatedEvent) {
            LineageGraph graph = ((JobCreatedEvent) event).lineageGraph();
            graph.sources().forEach(source -> SOURCES.addAll(told(source)));
            graph.sinks().forEach(sink -> SINKS.addAll(told(sink)));
        }
    }

    /** A line for each dataset. */
    public static List<String> told(LineageVertex vertex) {
        String boundedness =
                vertex instanceof SourceLineageVertex
                        ? " " + ((SourceLineageVertex) vertex).boundedness()
                        : "";
        return vertex.datasets().stream()
                .map(dataset -> told(dataset) + boundedness)
                .collect(Collectors.toList());
    }

    private static String told(LineageDataset dataset) {
        String facets =
                dataset.facets().values().stream()
                        .filter(DatasetConfigFacet.class::isInstance)
                        .map(facet -> facet.name() + ((DatasetConfigFacet) facet).config())
                        .collect(Collectors.joining(" "));
        return dataset.namespace() + " | " + dataset.name() + " | " + facets;
    }
}

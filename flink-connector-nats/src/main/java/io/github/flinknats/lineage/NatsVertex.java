// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.lineage;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.streaming.api.lineage.LineageDataset;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.SourceLineageVertex;

/** A source or a sink, as a graph of lineage has it. */
class NatsVertex implements LineageVertex, Serializable {
    private static final long serialVersionUID = 1L;

    private final List<LineageDataset> datasets;

    NatsVertex(List<LineageDataset> datasets) {
        this.datasets = Collections.unmodifiableList(new ArrayList<>(datasets));
    }

    @Override
    public List<LineageDataset> datasets() {
        return datasets;
    }

    @Override
    public String toString() {
        return datasets.toString();
    }

    /** A source. */
    static final class OfSource extends NatsVertex implements SourceLineageVertex {
        private static final long serialVersionUID = 1L;

        private final Boundedness boundedness;

        OfSource(List<LineageDataset> datasets, Boundedness boundedness) {
            super(datasets);
            this.boundedness = boundedness;
        }

        @Override
        public Boundedness boundedness() {
            return boundedness;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.lineage;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.streaming.api.lineage.DatasetConfigFacet;
import org.apache.flink.streaming.api.lineage.LineageDataset;
import org.apache.flink.streaming.api.lineage.LineageDatasetFacet;

/** Messages of a stream or below a subject. */
final class NatsDataset implements LineageDataset, Serializable {
    private static final long serialVersionUID = 1L;

    private final String namespace;
    private final String name;
    private final Facet facet;

    NatsDataset(String namespace, String name, Map<String, String> config) {
        this.namespace = namespace;
        this.name = name;
        this.facet = new Facet(config);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public Map<String, LineageDatasetFacet> facets() {
        return Collections.singletonMap(facet.name(), facet);
    }

    @Override
    public String toString() {
        return namespace + ' ' + name + ' ' + facet;
    }

    private static final class Facet implements DatasetConfigFacet, Serializable {
        private static final long serialVersionUID = 1L;

        private final Map<String, String> config;

        Facet(Map<String, String> config) {
            this.config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        }

        @Override
        public String name() {
            return "nats";
        }

        @Override
        public Map<String, String> config() {
            return config;
        }

        @Override
        public String toString() {
            return config.toString();
        }
    }
}

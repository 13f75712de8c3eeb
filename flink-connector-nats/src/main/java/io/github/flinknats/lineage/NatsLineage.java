// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.lineage;

import io.github.flinknats.client.ConnectionSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.streaming.api.lineage.LineageDataset;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.SourceLineageVertex;

/**
 * The datasets of a source or a sink: in the namespace of a server, named by stream and subject,
 * with a facet of what is known about reading or writing. Of the connection only the server's
 * address and the prefix of its API get in.
 */
@Internal
public final class NatsLineage {
    /** Any subject: that of a message is made from its record. */
    private static final String ANY_SUBJECT = ">";

    private final String namespace;
    private final Map<Key, String> facts = new LinkedHashMap<>();

    /** What a facet may tell; there is no other way into it. */
    public enum Key {
        STREAM("nats.stream"),
        SUBJECT("nats.subject"),
        API_PREFIX("nats.api-prefix"),
        START("scan.startup"),
        STOP("scan.bounded"),
        ORDERING("scan.ordering"),
        DELIVERY_GUARANTEE("sink.delivery-guarantee"),
        SINK_ID("sink.id");

        private final String text;

        Key(String text) {
            this.text = text;
        }
    }

    private NatsLineage(String namespace) {
        this.namespace = namespace;
    }

    public static NatsLineage at(ConnectionSettings connection) {
        return new NatsLineage("nats://" + connection.servers().address())
                .with(Key.API_PREFIX, connection.client().apiPrefix());
    }

    /** Adds what is known. */
    public NatsLineage with(Key key, String value) {
        facts.put(key, value);
        return this;
    }

    /**
     * Of what is read: a dataset for each stream and each subject.
     *
     * @param streams none when they are found by the subjects
     * @param subjects none when all of the streams are read
     */
    public SourceLineageVertex source(
            List<String> streams, List<String> subjects, Boundedness boundedness) {
        List<LineageDataset> datasets = new ArrayList<>();
        for (String stream : orNothing(streams)) {
            for (String subject : orNothing(subjects)) {
                datasets.add(dataset(stream, subject));
            }
        }
        return new NatsVertex.OfSource(datasets, boundedness);
    }

    /**
     * Of what is written.
     *
     * @param subject a subject or a template; empty when each record has its own
     */
    public LineageVertex sink(String subject) {
        return new NatsVertex(
                Collections.singletonList(dataset("", subject.isEmpty() ? ANY_SUBJECT : subject)));
    }

    private static List<String> orNothing(List<String> names) {
        return names.isEmpty() ? Collections.singletonList("") : names;
    }

    private LineageDataset dataset(String stream, String subject) {
        Map<Key, String> all = new LinkedHashMap<>();
        if (!stream.isEmpty()) {
            all.put(Key.STREAM, stream);
        }
        if (!subject.isEmpty()) {
            all.put(Key.SUBJECT, subject);
        }
        all.putAll(facts);
        String name = stream + (stream.isEmpty() || subject.isEmpty() ? "" : "/") + subject;
        return new NatsDataset(
                namespace,
                name,
                all.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        entry -> entry.getKey().text,
                                        Map.Entry::getValue,
                                        (one, other) -> one,
                                        LinkedHashMap::new)));
    }
}

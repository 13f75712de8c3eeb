// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.lineage.NatsLineage;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.sink.config.WriteSettings;
import io.github.flinknats.sink.writer.WriterFactory;
import java.io.IOException;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;

/**
 * Writes records to JetStream streams.
 *
 * <pre>{@code
 * NatsSink<String> sink =
 *         NatsSink.<String>builder()
 *                 .setConnection(ConnectionSettings.of("localhost:4222"))
 *                 .setValueOnlySerializer("orders.new", new SimpleStringSchema())
 *                 .build();
 * }</pre>
 *
 * <p>Failures reach the job as {@link io.github.flinknats.client.NatsFailure}.
 *
 * @param <T> type of the records
 */
@PublicEvolving
public class NatsSink<T> implements Sink<T>, LineageVertexProvider {
    private static final long serialVersionUID = 1L;

    private final ConnectionSettings connection;
    private final WriteSettings settings;
    private final NatsRecordSerializer<T> serializer;
    private final String subject;

    /**
     * @param subject where all records go, a template perhaps; empty when each has its own
     */
    NatsSink(
            ConnectionSettings connection,
            WriteSettings settings,
            NatsRecordSerializer<T> serializer,
            String subject) {
        this.connection = connection;
        this.settings = settings;
        this.serializer = serializer;
        this.subject = subject;
    }

    /** Starts to build a sink. */
    public static <T> NatsSinkBuilder<T> builder() {
        return new NatsSinkBuilder<>();
    }

    ConnectionSettings connection() {
        return connection;
    }

    WriteSettings settings() {
        return settings;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        open(context);
        return new WriterFactory(connection, settings).create(context, serializer);
    }

    @Override
    public LineageVertex getLineageVertex() {
        NatsLineage lineage =
                NatsLineage.at(connection)
                        .with(NatsLineage.Key.DELIVERY_GUARANTEE, settings.guarantee().toString());
        String id = settings.sinkId();
        return (id == null ? lineage : lineage.with(NatsLineage.Key.SINK_ID, id)).sink(subject);
    }

    /** Opens the serializer. */
    NatsRecordSerializer<T> open(WriterInitContext context) throws IOException {
        try {
            serializer.open(context.asSerializationSchemaInitializationContext());
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The serializer cannot be opened: " + e, e);
        }
        return serializer;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.lineage.NatsLineage;
import io.github.flinknats.record.NatsRecordDeserializer;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.enumerator.EnumeratorState;
import io.github.flinknats.source.enumerator.EnumeratorStateSerializer;
import io.github.flinknats.source.enumerator.NatsEnumerator;
import io.github.flinknats.source.reader.NatsSourceReader;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.NatsSplitSerializer;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * Reads a JetStream stream exactly once into Flink state: the position is a stream sequence kept in
 * checkpoints, and the server needs neither acknowledgements nor durable consumers.
 *
 * <pre>{@code
 * NatsSource<String> source =
 *         NatsSource.<String>builder()
 *                 .setConnection(ConnectionSettings.of("localhost:4222"))
 *                 .setSubjects("orders.>")
 *                 .setValueOnlyDeserializer(new SimpleStringSchema())
 *                 .build();
 * }</pre>
 *
 * <p>Each record's timestamp is the time at which the server stored the message. Failures reach the
 * job as {@link io.github.flinknats.client.NatsFailure}.
 *
 * @param <T> type of the records
 */
@PublicEvolving
public final class NatsSource<T>
        implements Source<T, NatsSplit, EnumeratorState>,
                ResultTypeQueryable<T>,
                LineageVertexProvider {
    private static final long serialVersionUID = 1L;

    private final ConnectionSettings connection;
    private final ReadPlan plan;
    private final ReadSettings settings;
    private final NatsRecordDeserializer<T> deserializer;

    NatsSource(
            ConnectionSettings connection,
            ReadPlan plan,
            ReadSettings settings,
            NatsRecordDeserializer<T> deserializer) {
        this.connection = connection;
        this.plan = plan;
        this.settings = settings;
        this.deserializer = deserializer;
    }

    /** Starts to build a source. */
    public static <T> NatsSourceBuilder<T> builder() {
        return new NatsSourceBuilder<>();
    }

    @Override
    public Boundedness getBoundedness() {
        return plan.stop().isBounded() ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SplitEnumerator<NatsSplit, EnumeratorState> createEnumerator(
            SplitEnumeratorContext<NatsSplit> context) {
        return new NatsEnumerator(context, connection, plan, settings, null);
    }

    @Override
    public SplitEnumerator<NatsSplit, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<NatsSplit> context, EnumeratorState state) {
        return new NatsEnumerator(context, connection, plan, settings, state);
    }

    @Override
    public SourceReader<T, NatsSplit> createReader(SourceReaderContext context) throws Exception {
        deserializer.open(new OpenContext(context));
        return NatsSourceReader.create(context, connection, plan, share(context), deserializer);
    }

    /** The settings of one reader: a rate limit is shared by those that can have a split. */
    private ReadSettings share(SourceReaderContext context) {
        Double rate = settings.rateLimit();
        return rate == null
                ? settings
                : settings.withRateLimit(
                        rate / Math.min(context.currentParallelism(), plan.mostSplits()));
    }

    @Override
    public SimpleVersionedSerializer<NatsSplit> getSplitSerializer() {
        return new NatsSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new EnumeratorStateSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return deserializer.getProducedType();
    }

    @Override
    public LineageVertex getLineageVertex() {
        return NatsLineage.at(connection)
                .with(NatsLineage.Key.START, plan.start().toString())
                .with(NatsLineage.Key.STOP, plan.stop().toString())
                .with(NatsLineage.Key.ORDERING, plan.ordering().toString())
                .source(plan.streams(), plan.filters(), getBoundedness());
    }

    /** What a format may use of the reader's context. */
    private static final class OpenContext implements DeserializationSchema.InitializationContext {
        private final SourceReaderContext context;

        OpenContext(SourceReaderContext context) {
            this.context = context;
        }

        @Override
        public MetricGroup getMetricGroup() {
            return context.metricGroup().addGroup("deserializer");
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return context.getUserCodeClassLoader();
        }
    }
}

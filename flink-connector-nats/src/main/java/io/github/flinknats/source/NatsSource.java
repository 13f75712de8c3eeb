// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.record.NatsRecordDeserializer;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Interim wiring: the real split, reader and enumerator come with the reading core. */
@PublicEvolving
public final class NatsSource<T> implements Source<T, SourceSplit, Long>, ResultTypeQueryable<T> {
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
    public SplitEnumerator<SourceSplit, Long> createEnumerator(
            SplitEnumeratorContext<SourceSplit> context) {
        throw new UnsupportedOperationException(connection + ", " + settings);
    }

    @Override
    public SplitEnumerator<SourceSplit, Long> restoreEnumerator(
            SplitEnumeratorContext<SourceSplit> context, Long state) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SimpleVersionedSerializer<SourceSplit> getSplitSerializer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SimpleVersionedSerializer<Long> getEnumeratorCheckpointSerializer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SourceReader<T, SourceSplit> createReader(SourceReaderContext context) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return deserializer.getProducedType();
    }
}

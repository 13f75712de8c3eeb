// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink;

import io.github.flinknats.SuiteServer;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.testing.TestStream;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.testframe.external.ExternalContextFactory;
import org.apache.flink.connector.testframe.external.ExternalSystemDataReader;
import org.apache.flink.connector.testframe.external.sink.DataStreamSinkV2ExternalContext;
import org.apache.flink.connector.testframe.external.sink.TestingSinkSettings;

/** A stream that Flink's suite writes to and reads from its beginning. */
final class SuiteSinkContext implements DataStreamSinkV2ExternalContext<String> {
    private final String url;
    private final TestStream stream;
    private final DeliveryGuarantee guarantee;

    private SuiteSinkContext(SuiteServer nats, DeliveryGuarantee guarantee) {
        this.guarantee = guarantee;
        this.url = nats.server().url();
        this.stream = TestStream.create(nats.server(), builder -> builder.allowAtomicPublish());
    }

    @Override
    public Sink<String> createSink(TestingSinkSettings settings) {
        NatsSinkBuilder<String> builder =
                NatsSink.<String>builder()
                        .setConnection(ConnectionSettings.of(url))
                        .setValueOnlySerializer(stream.subject("all"), new SimpleStringSchema());
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            builder.setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE).setSinkId("suite");
        }
        return builder.build();
    }

    @Override
    public ExternalSystemDataReader<String> createSinkDataReader(TestingSinkSettings settings) {
        return new ExternalSystemDataReader<String>() {
            private int read;

            @Override
            public List<String> poll(Duration timeout) {
                List<String> all = stream.payloads();
                List<String> fresh = new ArrayList<>(all.subList(read, all.size()));
                read = all.size();
                return fresh;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public List<String> generateTestData(TestingSinkSettings settings, long seed) {
        List<String> data = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            data.add(seed + "-" + i);
        }
        return data;
    }

    @Override
    public TypeInformation<String> getProducedType() {
        return TypeInformation.of(String.class);
    }

    @Override
    public List<URL> getConnectorJarPaths() {
        return Collections.emptyList();
    }

    @Override
    public void close() {
        stream.delete();
    }

    @Override
    public String toString() {
        return "one subject";
    }

    static final class Factory implements ExternalContextFactory<SuiteSinkContext> {
        private final SuiteServer nats;
        private final DeliveryGuarantee guarantee;

        Factory(SuiteServer nats, DeliveryGuarantee guarantee) {
            this.nats = nats;
            this.guarantee = guarantee;
        }

        @Override
        public SuiteSinkContext createExternalContext(String testName) {
            return new SuiteSinkContext(nats, guarantee);
        }
    }
}

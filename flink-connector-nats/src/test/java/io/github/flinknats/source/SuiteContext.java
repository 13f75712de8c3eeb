// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import io.github.flinknats.SuiteServer;
import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.StopPosition;
import io.github.flinknats.testing.TestStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.testframe.external.ExternalContextFactory;
import org.apache.flink.connector.testframe.external.ExternalSystemSplitDataWriter;
import org.apache.flink.connector.testframe.external.source.DataStreamSourceExternalContext;
import org.apache.flink.connector.testframe.external.source.TestingSourceSettings;

/** A stream in which every split is a subject. */
final class SuiteContext implements DataStreamSourceExternalContext<String> {
    private final String url;
    private final TestStream stream;
    private final List<String> subjects = new ArrayList<>();

    private SuiteContext(SuiteServer nats) {
        this.url = nats.server().url();
        this.stream = TestStream.create(nats.server());
    }

    @Override
    public Source<String, ?, ?> createSource(TestingSourceSettings settings) {
        NatsSourceBuilder<String> builder =
                NatsSource.<String>builder()
                        .setConnection(ConnectionSettings.of(url))
                        .setStream(stream.name())
                        .setSubjects(subjects)
                        .setOrdering(Ordering.FILTER)
                        .setValueOnlyDeserializer(new SimpleStringSchema());
        if (settings.getBoundedness() == Boundedness.BOUNDED) {
            builder.setStop(StopPosition.latest());
        }
        return builder.build();
    }

    @Override
    public ExternalSystemSplitDataWriter<String> createSourceSplitDataWriter(
            TestingSourceSettings settings) {
        String suffix = "split" + subjects.size();
        subjects.add(stream.subject(suffix));
        return new ExternalSystemSplitDataWriter<String>() {
            @Override
            public void writeRecords(List<String> records) {
                stream.publishMany(suffix, 0, records.size(), records::get);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public List<String> generateTestData(
            TestingSourceSettings settings, int splitIndex, long seed) {
        List<String> data = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            data.add(splitIndex + "-" + seed + "-" + i);
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
        return "subjects as splits";
    }

    static final class Factory implements ExternalContextFactory<SuiteContext> {
        private final SuiteServer nats;

        Factory(SuiteServer nats) {
            this.nats = nats;
        }

        @Override
        public SuiteContext createExternalContext(String testName) {
            return new SuiteContext(nats);
        }
    }
}

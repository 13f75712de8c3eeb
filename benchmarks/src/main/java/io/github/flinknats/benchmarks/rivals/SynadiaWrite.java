// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks.rivals;

import io.github.flinknats.benchmarks.SinkWrite;
import io.github.flinknats.benchmarks.WriteRival;
import io.github.flinknats.benchmarks.WriteRun;
import io.synadia.flink.message.SinkConverter;
import io.synadia.flink.message.SinkMessage;
import io.synadia.flink.sink.writer.JetStreamSinkWriter;
import io.synadia.flink.utils.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * The JetStream writer of Synadia's connector, in the same job. Its sink of version 2.1.4 wants an
 * interface that Flink 2 has no more; the writer does not, and so is taken without the sink.
 */
public final class SynadiaWrite implements WriteRival {
    private final Path checkpoints;

    public SynadiaWrite(Path checkpoints) {
        this.checkpoints = checkpoints;
    }

    @Override
    public String name() {
        return "Synadia's writer";
    }

    /** It waits for the answer to each message. */
    @Override
    public long share(long messages) {
        return Math.min(messages, 50_000);
    }

    @Override
    public void write(WriteRun run) throws Exception {
        SinkWrite.execute(run, checkpoints, new WriterOnly(run.url(), run.subject()));
    }

    private static final class WriterOnly implements Sink<Long> {
        private static final long serialVersionUID = 1L;

        private final String url;
        private final String subject;

        WriterOnly(String url, String subject) {
            this.url = url;
            this.subject = subject;
        }

        @Override
        public SinkWriter<Long> createWriter(WriterInitContext context) throws IOException {
            Properties connection = new Properties();
            connection.setProperty("io.nats.client.servers", url);
            return new JetStreamSinkWriter<>(
                    "sink",
                    List.of(subject),
                    new Ready(),
                    new ConnectionFactory(connection),
                    context);
        }
    }

    private static final class Ready implements SinkConverter<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public SinkMessage convert(Long number) {
            return new SinkMessage(WriteRun.current().payload(number));
        }
    }
}

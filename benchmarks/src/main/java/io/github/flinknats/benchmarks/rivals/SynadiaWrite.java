// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks.rivals;

import io.github.flinknats.benchmarks.SinkWrite;
import io.github.flinknats.benchmarks.WriteRival;
import io.github.flinknats.benchmarks.WriteRun;
import io.synadia.flink.message.SinkConverter;
import io.synadia.flink.message.SinkMessage;
import io.synadia.flink.sink.JetStreamSinkBuilder;
import java.nio.file.Path;
import java.util.Properties;

/** The JetStream sink of Synadia's connector, in the same job. */
public final class SynadiaWrite implements WriteRival {
    private final Path checkpoints;

    public SynadiaWrite(Path checkpoints) {
        this.checkpoints = checkpoints;
    }

    @Override
    public String name() {
        return "Synadia's sink";
    }

    /** It waits for the answer to each message. */
    @Override
    public long share(long messages) {
        return Math.min(messages, 50_000);
    }

    @Override
    public void write(WriteRun run) throws Exception {
        Properties connection = new Properties();
        connection.setProperty("io.nats.client.servers", run.url());
        SinkWrite.execute(
                run,
                checkpoints,
                new JetStreamSinkBuilder<Long>()
                        .subjects(run.subject())
                        .connectionProperties(connection)
                        .sinkConverter(new Ready())
                        .build());
    }

    /** Made by its name. */
    public static final class Ready implements SinkConverter<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public SinkMessage convert(Long number) {
            return new SinkMessage(WriteRun.current().payload(number));
        }
    }
}

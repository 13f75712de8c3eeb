// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.StreamApi;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.cursor.CursorGroup;
import io.github.flinknats.source.cursor.MessageBatch;
import io.github.flinknats.source.cursor.StreamCursor;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import java.util.Collections;

/** The connector's own reading, without Flink. */
final class CursorRead implements Rival {
    private final ConnectionSettings connection;
    private final String stream;
    private final long stop;

    CursorRead(ConnectionSettings connection, String stream, long stop) {
        this.connection = connection;
        this.stream = stream;
        this.stop = stop;
    }

    @Override
    public String name() {
        return "cursor";
    }

    @Override
    public void read(Meter meter) throws Exception {
        try (CursorGroup group = new CursorGroup(connection, ReadSettings.defaults())) {
            group.add(split());
            boolean finished = false;
            while (!finished) {
                group.await();
                for (StreamCursor cursor : group.cursors()) {
                    MessageBatch batch = cursor.take();
                    while (batch != null && batch.next() != null) {
                        meter.count();
                    }
                    finished = cursor.isFinished();
                }
            }
        }
    }

    private NatsSplit split() {
        try (NatsClient client = NatsClient.connect(connection, NatsClient.Listener.NONE, true)) {
            return NatsSplit.of(
                    StreamApi.await(client.streams().info(stream)).identity(),
                    Collections.emptyList(),
                    SequenceRange.of(1, stop));
        }
    }
}

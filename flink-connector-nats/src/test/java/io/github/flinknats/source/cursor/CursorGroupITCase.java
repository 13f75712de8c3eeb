// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.StreamApi;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NatsServerExtension.class)
@Timeout(60)
class CursorGroupITCase {

    @Test
    void readsABoundedSplitInOrder(NatsServer server, TestStream stream) throws Exception {
        stream.publishMany("a", 0, 50_000, i -> "m" + i);
        ConnectionSettings connection = ConnectionSettings.of(server.url());
        List<String> read = new ArrayList<>();
        try (CursorGroup group = new CursorGroup(connection, ReadSettings.defaults())) {
            group.add(split(connection, stream, 50_000));
            boolean finished = false;
            while (!finished) {
                group.await();
                for (StreamCursor cursor : group.cursors()) {
                    MessageBatch batch = cursor.take();
                    for (MessageView m = next(batch); m != null; m = next(batch)) {
                        read.add(new String(m.payload(), StandardCharsets.UTF_8));
                    }
                    finished = cursor.isFinished();
                }
            }
        }
        assertThat(read)
                .isEqualTo(
                        IntStream.range(0, 50_000)
                                .mapToObj(i -> "m" + i)
                                .collect(Collectors.toList()));
    }

    private static MessageView next(MessageBatch batch) {
        return batch == null ? null : batch.next();
    }

    private static NatsSplit split(ConnectionSettings connection, TestStream stream, long stop) {
        try (NatsClient client = NatsClient.connect(connection, NatsClient.Listener.NONE, true)) {
            StreamFacts facts = StreamApi.await(client.streams().info(stream.name()));
            return NatsSplit.of(
                    facts.identity(), Collections.emptyList(), SequenceRange.of(1, stop));
        }
    }
}

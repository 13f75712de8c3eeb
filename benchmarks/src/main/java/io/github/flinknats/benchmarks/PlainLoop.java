// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.nio.charset.StandardCharsets;

/**
 * The fastest loop that the client allows without touching its insides: raw pulls over a plain
 * subscription, 20 000 messages in flight, asked again by messages received, no metadata parsed.
 */
final class PlainLoop implements Rival {
    private static final int PULL = 5_000;
    private static final int PULLS = 4;

    private final String url;
    private final String stream;

    PlainLoop(String url, String stream) {
        this.url = url;
        this.stream = stream;
    }

    @Override
    public String name() {
        return "plain jnats loop";
    }

    @Override
    @SuppressWarnings("try")
    public void read(Meter meter) throws Exception {
        Options options = new Options.Builder().server(url).build();
        try (Connection connection = Nats.connect(options)) {
            String consumer = "plain" + System.nanoTime();
            String create =
                    "{\"stream_name\":\""
                            + stream
                            + "\",\"config\":{\"name\":\""
                            + consumer
                            + "\",\"ack_policy\":\"none\",\"mem_storage\":true,\"num_replicas\":1,"
                            + "\"deliver_policy\":\"all\",\"inactive_threshold\":30000000000}}";
            connection
                    .request(
                            "$JS.API.CONSUMER.CREATE." + stream + "." + consumer,
                            create.getBytes(StandardCharsets.UTF_8))
                    .get();
            String inbox = connection.createInbox();
            String next = "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer;
            byte[] pull =
                    ("{\"batch\":" + PULL + ",\"expires\":30000000000}")
                            .getBytes(StandardCharsets.UTF_8);
            Dispatcher dispatcher =
                    connection.createDispatcher(
                            new Counting(connection, meter, next, inbox, pull)::onMessage);
            dispatcher.setPendingLimits(0, 0);
            dispatcher.subscribe(inbox);
            for (int i = 0; i < PULLS; i++) {
                connection.publish(next, inbox, pull);
            }
            meter.await();
        }
    }

    private static final class Counting {
        private final Connection connection;
        private final Meter meter;
        private final String next;
        private final String inbox;
        private final byte[] pull;
        private int received;

        Counting(Connection connection, Meter meter, String next, String inbox, byte[] pull) {
            this.connection = connection;
            this.meter = meter;
            this.next = next;
            this.inbox = inbox;
            this.pull = pull;
        }

        void onMessage(Message message) {
            if (message.isStatusMessage()) {
                return;
            }
            meter.count();
            if (++received == PULL) {
                received = 0;
                connection.publish(next, inbox, pull);
            }
        }
    }
}

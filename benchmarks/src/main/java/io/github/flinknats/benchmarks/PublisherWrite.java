// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.publish.PublishSettings;
import io.github.flinknats.publish.Publisher;
import io.github.flinknats.record.Headers;

/** The connector's publisher, without Flink. */
final class PublisherWrite implements WriteRival {
    private static final int WINDOW = 4_000;
    private static final long MOST_BYTES = 32L << 20;

    @Override
    public String name() {
        return "publisher";
    }

    @Override
    @SuppressWarnings("try")
    public void write(WriteRun run) throws Exception {
        ConnectionSettings connection = ConnectionSettings.of(run.url());
        try (Publisher publisher =
                new Publisher(
                        connection,
                        PublishSettings.of(WINDOW, MOST_BYTES, Timeouts.defaults()),
                        Failures.at(connection).publishing("publish to", "sink.subject"),
                        true)) {
            String subject = run.subject();
            for (long i = 0; i < run.messages(); i++) {
                publisher.room().get();
                publisher.send(new OutgoingMessage(subject, Headers.empty(), run.payload(i)));
            }
            publisher.flush().get();
        }
    }
}

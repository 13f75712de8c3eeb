// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.ConsumerSpec;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamApi;
import io.nats.client.NUID;
import java.util.Set;

/** Reads a part of a stream, without payloads, for the ids of a commit's messages. */
@OwnedBy(ThreadRole.TASK)
final class CommitScanner {
    private static final int BATCH = 2_000;
    private static final String PULL = "{\"batch\":" + BATCH + ",\"no_wait\":true}";

    private static final String NOTHING = "404 ";
    private static final String NOTHING_MORE = "408 ";

    private final CommitLink link;
    private final CommitFailures failures;

    CommitScanner(CommitLink link, CommitFailures failures) {
        this.link = link;
        this.failures = failures;
    }

    /**
     * Reads all that the trace wants.
     *
     * @throws NatsFailure when not all of it can be read
     */
    void scan(String stream, CommitTrace trace) throws InterruptedException {
        NatsClient client = link.client();
        String consumer = "flink-scan-" + NUID.nextGlobal();
        ConsumerSpec spec =
                ConsumerSpec.headersFromSequence(
                        stream, consumer, ScanFilters.of(trace), trace.from());
        long pending = link.await(client.streams().createConsumer(spec), stream);
        if (pending > 0) {
            read(client, spec, trace);
        }
        // Should that fail, the server forgets the consumer by itself.
        boolean unused =
                link.await(
                        client.streams()
                                .deleteConsumer(stream, consumer)
                                .handle((done, error) -> error == null),
                        stream);
    }

    private void read(NatsClient client, ConsumerSpec spec, CommitTrace trace)
            throws InterruptedException {
        try (ScanIntake messages = new ScanIntake(client)) {
            read(messages, client.streams(), spec, trace);
        }
    }

    private void read(ScanIntake messages, StreamApi streams, ConsumerSpec spec, CommitTrace trace)
            throws InterruptedException {
        Set<String> asked = Set.of(streams.pullSubject(spec.stream(), spec.name()));
        long expected = 1;
        int left = 0;
        boolean more = true;
        while (more) {
            if (left == 0) {
                streams.pull(spec.stream(), spec.name(), messages.inbox(), PULL);
                left = BATCH;
            }
            ScannedMessage message = link.next(messages::poll, spec.stream(), asked);
            if (message.isStatus()) {
                if (!isEnd(message.status())) {
                    throw lost(spec.stream(), message.status());
                }
                return;
            }
            if (message.consumerSequence() != expected) {
                throw lost(spec.stream(), "a message got lost on the way");
            }
            expected++;
            left--;
            trace.onMessage(message.streamSequence(), message.subject(), message.id());
            more = message.pending() > 0 && !trace.isAtEnd();
        }
    }

    private static boolean isEnd(String status) {
        return status.startsWith(NOTHING) || status.startsWith(NOTHING_MORE);
    }

    private NatsFailure lost(String stream, String why) {
        return failures.interrupted(stream, new IllegalStateException(why));
    }
}

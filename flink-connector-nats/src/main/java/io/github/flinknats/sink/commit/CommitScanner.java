// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.ConsumerSpec;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamApi;
import io.github.flinknats.record.NatsRecord;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a part of a stream, without payloads, for the ids of a commit's messages. */
@OwnedBy(ThreadRole.TASK)
final class CommitScanner {
    private static final int BATCH = 2_000;
    private static final String PULL = "{\"batch\":" + BATCH + ",\"no_wait\":true}";

    private static final int NOTHING = 404;
    private static final int NOTHING_MORE = 408;

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
        String inbox = client.connection().createInbox();
        Subscription messages = client.connection().subscribe(inbox);
        try {
            messages.setPendingLimits(0, 0); // A pull is the limit; nothing may be dropped.
            read(messages, client.streams(), spec, trace);
        } finally {
            if (messages.isActive()) {
                messages.unsubscribe();
            }
        }
    }

    private void read(
            Subscription messages, StreamApi streams, ConsumerSpec spec, CommitTrace trace)
            throws InterruptedException {
        long expected = 1;
        int left = 0;
        boolean more = true;
        while (more) {
            if (left == 0) {
                streams.pull(spec.stream(), spec.name(), messages.getSubject(), PULL);
                left = BATCH;
            }
            Message message =
                    link.next(
                            messages,
                            spec.stream(),
                            Set.of(streams.pullSubject(spec.stream(), spec.name())));
            if (message.isStatusMessage()) {
                int code = message.getStatus().getCode();
                if (code != NOTHING && code != NOTHING_MORE) {
                    throw lost(spec.stream(), message.getStatus().getMessageWithCode());
                }
                return;
            }
            NatsJetStreamMetaData data = message.metaData();
            if (data.consumerSequence() != expected) {
                throw lost(spec.stream(), "a message got lost on the way");
            }
            expected++;
            left--;
            trace.onMessage(data.streamSequence(), message.getSubject(), id(message));
            more = data.pendingCount() > 0 && !trace.isAtEnd();
        }
    }

    private NatsFailure lost(String stream, String why) {
        return failures.interrupted(stream, new IllegalStateException(why));
    }

    private static @Nullable String id(Message message) {
        Headers headers = message.getHeaders();
        return headers == null ? null : headers.getFirst(NatsRecord.MESSAGE_ID_HEADER);
    }
}

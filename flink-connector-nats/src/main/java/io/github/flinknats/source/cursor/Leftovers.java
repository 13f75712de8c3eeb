// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.StreamApi;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Consumers that are of no use any more and that the server has not yet confirmed to have deleted.
 * It would forget them by itself after some minutes; until then they cost it memory, and a broken
 * connection leaves one behind each time.
 */
@Internal
@OwnedBy(ThreadRole.FETCHER)
final class Leftovers {
    private final Inbox inbox;
    private final Map<String, String> streamOfConsumer = new HashMap<>();

    Leftovers(Inbox inbox) {
        this.inbox = inbox;
    }

    /** Has a consumer deleted, now or as soon as there is a connection. */
    void add(String stream, String consumer, @Nullable NatsClient client) {
        streamOfConsumer.put(consumer, stream);
        if (client != null) {
            delete(stream, consumer, client.streams());
        }
    }

    /** The connection is back. */
    void retry(NatsClient client) {
        streamOfConsumer.forEach((consumer, stream) -> delete(stream, consumer, client.streams()));
    }

    private void delete(String stream, String consumer, StreamApi streams) {
        CompletableFuture<?> unused =
                streams.deleteConsumer(stream, consumer)
                        .whenComplete(
                                (done, error) -> {
                                    if (error == null) {
                                        inbox.post(() -> streamOfConsumer.remove(consumer));
                                    }
                                });
    }
}

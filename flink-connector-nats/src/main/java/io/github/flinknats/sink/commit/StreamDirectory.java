// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.FailureKind;
import io.github.flinknats.client.NatsClient;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamApi;
import io.github.flinknats.client.StreamTarget;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.subject.SubjectFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which stream takes which subject. Each use asks anew how the streams are, because their last
 * sequences are wanted, and so learns when a subject has moved. Blocks: on the thread of the {@link
 * CommitPreparer} only.
 */
@OwnedBy(ThreadRole.ANY)
final class StreamDirectory {
    /** What the protocol adds to a message of ours: ids and the place in a batch. */
    private static final int OWN_HEADERS = 300;

    private final CommitFailures failures;
    private Set<String> known = new LinkedHashSet<>();

    StreamDirectory(CommitFailures failures) {
        this.failures = failures;
    }

    /** Messages by the stream that takes them; their order is kept. */
    Map<StreamTarget, List<PackedMessages>> sort(NatsClient client, List<PackedMessages> messages) {
        List<Entry> entries = new ArrayList<>();
        for (String name : known) {
            StreamTarget target = find(client, name);
            if (target != null) {
                entries.add(new Entry(target));
            }
        }
        Map<String, Entry> bySubject = new HashMap<>();
        long limit = client.connection().getServerInfo().getMaxPayload();
        for (PackedMessages packed : messages) {
            Set<Entry> takers = new LinkedHashSet<>();
            for (String subject : packed.subjects()) {
                takers.add(
                        bySubject.computeIfAbsent(
                                subject, unknown -> lookUp(client, unknown, entries)));
            }
            if (takers.size() == 1) {
                Entry only = takers.iterator().next();
                check(packed, only.target, limit);
                only.add(packed);
            } else {
                divide(packed, bySubject, limit);
            }
        }
        Map<StreamTarget, List<PackedMessages>> sorted = new LinkedHashMap<>();
        for (Entry entry : entries) {
            List<PackedMessages> own = entry.take();
            if (!own.isEmpty()) {
                sorted.put(entry.target, own);
            }
        }
        known = entries.stream().map(Entry::name).collect(Collectors.toSet());
        return sorted;
    }

    /** A pack of which several streams take a part each. */
    private void divide(PackedMessages packed, Map<String, Entry> bySubject, long limit) {
        for (OutgoingMessage message : packed.asList()) {
            Entry entry = Objects.requireNonNull(bySubject.get(message.subject()));
            check(message, entry.target, limit);
            entry.add(message);
        }
    }

    private static @Nullable StreamTarget find(NatsClient client, String name) {
        try {
            return StreamApi.await(client.streams().target(name));
        } catch (NatsFailure e) {
            if (e.kind() == FailureKind.MISSING) {
                return null;
            }
            throw e;
        }
    }

    private Entry lookUp(NatsClient client, String subject, List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.takes(subject)) {
                return entry;
            }
        }
        List<String> names = StreamApi.await(client.streams().namesCarrying(subject));
        if (names.isEmpty()) {
            throw failures.publishing().noStream(subject);
        }
        Entry found = new Entry(StreamApi.await(client.streams().target(names.get(0))));
        entries.add(found);
        return found;
    }

    /** Looks at each message only where one may be too large, or has headers to be counted. */
    private void check(PackedMessages packed, StreamTarget target, long serverLimit) {
        long streamLimit = target.rules().mostBytes();
        long largest = packed.largest();
        boolean fits =
                (streamLimit <= 0 || largest <= streamLimit)
                        && (serverLimit <= 0 || largest + OWN_HEADERS <= serverLimit);
        if (packed.hasHeaders() || !fits) {
            packed.asList().forEach(message -> check(message, target, serverLimit));
        }
    }

    private void check(OutgoingMessage message, StreamTarget target, long serverLimit) {
        long bytes = message.bytes() - message.subject().length();
        long streamLimit = target.rules().mostBytes();
        if (streamLimit > 0 && bytes > streamLimit) {
            throw failures.tooLarge(message.subject(), bytes, streamLimit, "max_msg_size");
        }
        if (serverLimit > 0 && bytes + OWN_HEADERS > serverLimit) {
            throw failures.tooLarge(
                    message.subject(), bytes + OWN_HEADERS, serverLimit, "max_payload");
        }
    }

    /** A stream and its share of the messages. */
    private static final class Entry {
        private final StreamTarget target;
        private final List<SubjectFilter> filters;
        private final List<PackedMessages> packs = new ArrayList<>();
        private final MessagePacker open = new MessagePacker();

        Entry(StreamTarget target) {
            this.target = target;
            this.filters =
                    target.facts().shape().subjects().stream()
                            .map(SubjectFilter::parse)
                            .collect(Collectors.toList());
        }

        String name() {
            return target.facts().identity().name();
        }

        void add(OutgoingMessage message) {
            open.add(message);
        }

        void add(PackedMessages packed) {
            packs.addAll(open.take());
            packs.add(packed);
        }

        List<PackedMessages> take() {
            packs.addAll(open.take());
            return packs;
        }

        boolean takes(String subject) {
            return filters.stream().anyMatch(filter -> filter.matches(subject));
        }
    }
}

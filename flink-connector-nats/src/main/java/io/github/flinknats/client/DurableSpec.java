// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.support.Encoding;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;

/** A durable consumer to be made: everything from the first message on, each acknowledged. */
@Internal
public final class DurableSpec {
    /** The server's default: what a crashed job had taken is delivered again after this time. */
    static final Duration ACK_WAIT = Duration.ofSeconds(30);

    /** What may be read between two checkpoints; the server's 1000 would throttle most jobs. */
    static final int MAX_ACK_PENDING = 100_000;

    private final String stream;
    private final String name;
    private final List<String> filters;

    private DurableSpec(String stream, String name, List<String> filters) {
        this.stream = stream;
        this.name = name;
        this.filters = filters;
    }

    /**
     * A consumer of some subjects.
     *
     * @param filters disjoint subject filters; none means all subjects of the stream
     */
    public static DurableSpec of(String stream, String name, List<String> filters) {
        return new DurableSpec(stream, name, filters);
    }

    String stream() {
        return stream;
    }

    String name() {
        return name;
    }

    /** The body of the create request: only fields that every server since 2.10 knows. */
    String toJson() {
        return "{\"stream_name\":\""
                + stream
                + "\",\"config\":{\"name\":\""
                + name
                + "\",\"durable_name\":\""
                + name
                + "\",\"ack_policy\":\"explicit\",\"deliver_policy\":\"all\","
                + "\"replay_policy\":\"instant\",\"ack_wait\":"
                + ACK_WAIT.toNanos()
                + ",\"max_ack_pending\":"
                + MAX_ACK_PENDING
                + filterJson()
                + "}}";
    }

    private String filterJson() {
        if (filters.isEmpty()) {
            return "";
        }
        return filters.size() == 1
                ? ",\"filter_subject\":" + quoted(filters.get(0))
                : filters.stream()
                        .map(DurableSpec::quoted)
                        .collect(Collectors.joining(",", ",\"filter_subjects\":[", "]"));
    }

    private static String quoted(String text) {
        return '"' + Encoding.jsonEncode(text) + '"';
    }
}

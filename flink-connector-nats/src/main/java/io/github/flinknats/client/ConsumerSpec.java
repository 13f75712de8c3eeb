// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.support.Encoding;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A disposable pull consumer: no acknowledgements, in memory, one replica. The server forgets it
 * some time after the last request, so one that is left behind goes away by itself.
 */
@Internal
public final class ConsumerSpec {
    /** Long enough that a pipeline blocked for minutes keeps its consumer. */
    private static final Duration INACTIVE_THRESHOLD = Duration.ofMinutes(5);

    /** Of a consumer that reads a part of the stream without a pause. */
    private static final Duration SCAN_THRESHOLD = Duration.ofSeconds(30);

    /** Of a consumer that is made to be asked where it starts. */
    private static final Duration QUESTION_THRESHOLD = Duration.ofSeconds(2);

    private final String stream;
    private final String name;
    private final List<String> filters;
    private final String deliverPolicy;
    private final Duration inactiveThreshold;

    private ConsumerSpec(
            String stream,
            String name,
            List<String> filters,
            String deliverPolicy,
            Duration inactiveThreshold) {
        this.inactiveThreshold = inactiveThreshold;
        this.stream = stream;
        this.name = name;
        this.filters = filters;
        this.deliverPolicy = deliverPolicy;
    }

    /** Reads from a sequence on. */
    public static ConsumerSpec fromSequence(
            String stream, String name, List<String> filters, long sequence) {
        return new ConsumerSpec(
                stream,
                name,
                filters,
                "\"deliver_policy\":\"by_start_sequence\",\"opt_start_seq\":" + sequence,
                INACTIVE_THRESHOLD);
    }

    /** As {@link #fromSequence}, but the messages come without their payloads. */
    public static ConsumerSpec headersFromSequence(
            String stream, String name, List<String> filters, long sequence) {
        return new ConsumerSpec(
                stream,
                name,
                filters,
                "\"deliver_policy\":\"by_start_sequence\",\"headers_only\":true,"
                        + "\"opt_start_seq\":"
                        + sequence,
                SCAN_THRESHOLD);
    }

    /** Reads the newest message of each subject, then what comes. */
    public static ConsumerSpec lastPerSubject(String stream, String name, List<String> filters) {
        return new ConsumerSpec(
                stream,
                name,
                filters.isEmpty() ? Collections.singletonList(">") : filters, // Needs one.
                "\"deliver_policy\":\"last_per_subject\"",
                INACTIVE_THRESHOLD);
    }

    /** Reads what was stored at or after an instant. */
    static ConsumerSpec fromTime(
            String stream, String name, List<String> filters, Instant instant) {
        return new ConsumerSpec(
                stream,
                name,
                filters,
                "\"deliver_policy\":\"by_start_time\",\"opt_start_time\":\"" + instant + '"',
                QUESTION_THRESHOLD);
    }

    /** The same, made to be asked how much waits for it and then forgotten. */
    ConsumerSpec asQuestion() {
        return new ConsumerSpec(stream, name, filters, deliverPolicy, QUESTION_THRESHOLD);
    }

    public String stream() {
        return stream;
    }

    public String name() {
        return name;
    }

    /** The filter that may stand in the subject of the request, where permissions can name it. */
    @Nullable String filterInSubject() {
        String sole = soleFilter();
        return sole == null || WideNames.isWide(sole) ? null : sole;
    }

    private @Nullable String soleFilter() {
        return filters.size() == 1 ? filters.get(0) : null;
    }

    /** The body of the create request: only fields that every server since 2.10 knows. */
    String toJson() {
        StringBuilder json = new StringBuilder(256);
        json.append("{\"stream_name\":\"").append(stream).append("\",\"config\":{\"name\":\"");
        json.append(name).append("\",\"ack_policy\":\"none\",\"replay_policy\":\"instant\",");
        json.append("\"mem_storage\":true,\"num_replicas\":1,\"inactive_threshold\":");
        json.append(inactiveThreshold.toNanos()).append(',').append(deliverPolicy);
        String sole = soleFilter();
        if (sole != null) {
            json.append(",\"filter_subject\":").append(quoted(sole));
        } else if (!filters.isEmpty()) {
            json.append(",\"filter_subjects\":[");
            for (int i = 0; i < filters.size(); i++) {
                json.append(i == 0 ? "" : ",").append(quoted(filters.get(i)));
            }
            json.append(']');
        }
        return json.append("}}").toString();
    }

    private static String quoted(String text) {
        return '"' + Encoding.jsonEncode(text) + '"';
    }
}

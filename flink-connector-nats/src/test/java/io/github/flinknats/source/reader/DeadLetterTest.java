// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.record.Headers;
import io.github.flinknats.table.row.TestRecord;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    private static Map<String, List<String>> letter(Headers headers, String reason) {
        return DeadLetter.headers(TestRecord.of("x").with(headers), reason).asMap();
    }

    private static Map<String, List<String>> told(String reason) {
        Map<String, List<String>> told = new LinkedHashMap<>();
        told.put("Flink-Error", Collections.singletonList(reason));
        told.put("Flink-Stream", Collections.singletonList("ORDERS"));
        told.put("Flink-Sequence", Collections.singletonList("42"));
        told.put("Flink-Subject", Collections.singletonList("orders.new"));
        told.put("Flink-Timestamp", Collections.singletonList("2026-01-31T09:30:00.123456789Z"));
        told.put(
                "Nats-Msg-Id",
                Collections.singletonList("ORDERS:42:2026-01-31T09:30:00.123456789Z"));
        return told;
    }

    @Test
    void tellsWhatHappened() {
        assertThat(letter(Headers.empty(), "it is no JSON")).isEqualTo(told("it is no JSON"));
    }

    @Test
    void keepsHeadersButRenamesThoseThatAStreamObeys() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("trace", Arrays.asList("1", "2"));
        headers.put("Nats-Msg-Id", Collections.singletonList("mine"));
        headers.put("name", Arrays.asList("J\u00fcrgen", " tab\tand blank "));
        headers.put("nats-rollup", Collections.singletonList("all"));
        headers.put("Flink-Error", Collections.singletonList("an earlier one"));
        Map<String, List<String>> expected = told("it is no JSON");
        expected.put("trace", Arrays.asList("1", "2"));
        expected.put("name", Arrays.asList("J\\u00fcrgen", " tab\tand blank "));
        expected.put("Flink-Original-Nats-Msg-Id", Collections.singletonList("mine"));
        expected.put("Flink-Original-nats-rollup", Collections.singletonList("all"));
        expected.put("Flink-Original-Flink-Error", Collections.singletonList("an earlier one"));
        assertThat(letter(Headers.of(headers), "it is no JSON")).isEqualTo(expected);
    }

    @Test
    void makesOneLineOfASCIIOfAnyReason() {
        assertThat(DeadLetter.ascii("a\r\nNats-Rollup: all\tb\u0000 ä€\u007f "))
                .isEqualTo("a  Nats-Rollup: all b  \\u00e4\\u20ac\\u007f");
        assertThat(DeadLetter.ascii("")).isEmpty();
    }
}

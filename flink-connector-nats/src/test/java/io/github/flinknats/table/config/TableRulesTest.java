// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nats.user=u"
                        + "| 'nats.user' is set without 'nats.password': set both, or neither.",
                "nats.password=p"
                        + "| 'nats.password' is set without 'nats.user': set both, or neither.",
                "scan.startup.mode=timestamp scan.startup.timestamp=1 scan.startup.timestamp-millis=1"
                        + "| 'scan.startup.timestamp' and 'scan.startup.timestamp-millis' exclude"
                        + " one another: set only one of them.",
                "scan.startup.mode=timestamp scan.startup.timestamp=1 scan.startup.sequence=1"
                        + "| 'scan.startup.timestamp' and 'scan.startup.sequence' exclude one"
                        + " another: set only one of them.",
                "scan.bounded.mode=timestamp scan.bounded.timestamp=1 scan.bounded.sequence=1"
                        + "| 'scan.bounded.timestamp' and 'scan.bounded.sequence' exclude one"
                        + " another: set only one of them.",
                "scan.startup.mode=timestamp"
                        + "| 'scan.startup.mode' = 'timestamp' needs a position: set"
                        + " 'scan.startup.timestamp'.",
                "scan.startup.mode=sequence"
                        + "| 'scan.startup.mode' = 'sequence' needs a position: set"
                        + " 'scan.startup.sequence'.",
                "scan.bounded.mode=timestamp"
                        + "| 'scan.bounded.mode' = 'timestamp' needs a position: set"
                        + " 'scan.bounded.timestamp'.",
                "scan.bounded.mode=sequence"
                        + "| 'scan.bounded.mode' = 'sequence' needs a position: set"
                        + " 'scan.bounded.sequence'.",
                "scan.startup.mode=consumer"
                        + "| 'scan.startup.mode' = 'consumer' needs a position: set"
                        + " 'scan.durable-consumer'.",
                "scan.startup.mode=latest scan.durable-consumer=d"
                        + "| 'scan.startup.mode' = 'latest' does not go with"
                        + " 'scan.durable-consumer', because reading starts where the consumer"
                        + " stands: remove it, or set it to 'consumer'.",
                "scan.bounded.mode=latest scan.durable-consumer=d"
                        + "| 'scan.bounded.mode' = 'latest' does not go with"
                        + " 'scan.durable-consumer', because a message may be delivered again at"
                        + " any time, so there is no end: remove it, or set it to 'unbounded'.",
                "scan.on-data-loss=continue scan.durable-consumer=d"
                        + "| 'scan.on-data-loss' = 'continue' does not go with"
                        + " 'scan.durable-consumer', because what a lost consumer had acknowledged"
                        + " is not known: remove it, or set it to 'fail'.",
                "scan.ordering=filter scan.durable-consumer=d"
                        + "| 'scan.ordering' = 'filter' does not go with"
                        + " 'scan.durable-consumer', because rows arrive as the consumer delivers:"
                        + " remove it.",
                "scan.durable-consumer.create=true"
                        + "| 'scan.durable-consumer.create' is set without 'scan.durable-consumer':"
                        + " set both, or neither.",
                "scan.startup.sequence=7"
                        + "| 'scan.startup.sequence' has no effect without its mode: set"
                        + " 'scan.startup.mode' = 'sequence'.",
                "scan.startup.timestamp=7"
                        + "| 'scan.startup.timestamp' has no effect without its mode: set"
                        + " 'scan.startup.mode' = 'timestamp'.",
                "scan.startup.timestamp-millis=7"
                        + "| 'scan.startup.timestamp-millis' has no effect without its mode: set"
                        + " 'scan.startup.mode' = 'timestamp'.",
                "scan.bounded.sequence=7"
                        + "| 'scan.bounded.sequence' has no effect without its mode: set"
                        + " 'scan.bounded.mode' = 'sequence'.",
                "scan.bounded.timestamp=7"
                        + "| 'scan.bounded.timestamp' has no effect without its mode: set"
                        + " 'scan.bounded.mode' = 'timestamp'.",
                "scan.startup.mode=latest scan.startup.sequence=7"
                        + "| 'scan.startup.sequence' has no effect with 'scan.startup.mode' ="
                        + " 'latest': remove it, or set 'scan.startup.mode' = 'sequence'.",
                "scan.startup.mode=timestamp scan.startup.sequence=7"
                        + "| 'scan.startup.mode' = 'timestamp' needs a position: set"
                        + " 'scan.startup.timestamp'.",
                "scan.bounded.mode=unbounded scan.bounded.sequence=7"
                        + "| 'scan.bounded.sequence' has no effect with 'scan.bounded.mode' ="
                        + " 'unbounded': remove it, or set 'scan.bounded.mode' = 'sequence'.",
                "scan.on-error=dead-letter"
                        + "| 'scan.on-error' = 'dead-letter' needs a subject: set"
                        + " 'scan.dead-letter.subject'.",
                "scan.dead-letter.subject=d"
                        + "| 'scan.dead-letter.subject' has no effect without its mode: set"
                        + " 'scan.on-error' = 'dead-letter'.",
                "scan.on-error=skip scan.dead-letter.subject=d"
                        + "| 'scan.dead-letter.subject' has no effect with 'scan.on-error' ="
                        + " 'skip': remove it, or set 'scan.on-error' = 'dead-letter'."
            })
    void refusesWithTheWayOut(String settings, String message) {
        assertThatThrownBy(() -> TableRules.check(options("nats.subject=a " + settings)))
                .isInstanceOf(ValidationException.class)
                .hasMessage(message);
    }

    @Test
    void refusesToReadNothing() {
        assertThatThrownBy(() -> TableRules.check(options("scan.startup.mode=latest")))
                .hasMessage(
                        "Neither 'nats.subject' nor 'nats.stream' is set: say what to read, such as"
                                + " 'nats.subject' = 'orders.*'.");
    }

    @ParameterizedTest
    @CsvSource({
        "nats.subject=a",
        "nats.stream=A",
        "nats.subject=a scan.durable-consumer=d scan.durable-consumer.create=false",
        "nats.subject=a scan.durable-consumer=d scan.startup.mode=consumer"
                + " scan.bounded.mode=unbounded",
        "nats.stream=A nats.subject=a nats.user=u nats.password=p",
        "nats.subject=a scan.startup.mode=timestamp scan.startup.timestamp-millis=1",
        "nats.subject=a scan.startup.mode=sequence scan.startup.sequence=1"
                + " scan.bounded.mode=sequence scan.bounded.sequence=1"
    })
    void passesWhatFits(String settings) {
        assertThatCode(() -> TableRules.check(options(settings))).doesNotThrowAnyException();
    }

    @Test
    void refusesTwoSpellings() {
        assertThatThrownBy(
                        () ->
                                TableRules.checkSpelling(
                                        new LinkedHashSet<>(
                                                Arrays.asList(
                                                        "nats.server_url", "nats.server-url"))))
                .isInstanceOf(ValidationException.class)
                .hasMessage(
                        "'nats.server-url' and 'nats.server_url' are the same option in two"
                                + " spellings: set only one of them.");
        assertThatCode(() -> TableRules.checkSpelling(Collections.singleton("nats.server_url")))
                .doesNotThrowAnyException();
    }

    private static Configuration options(String settings) {
        Map<String, String> map = new HashMap<>();
        for (String setting : settings.trim().split(" ")) {
            String[] pair = setting.split("=", 2);
            map.put(pair[0], pair[1]);
        }
        return Configuration.fromMap(map);
    }
}

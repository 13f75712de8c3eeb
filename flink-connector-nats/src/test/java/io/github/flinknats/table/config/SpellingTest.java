// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> WORDS =
            Arrays.asList(
                    "nats.subject",
                    "nats.stream",
                    "scan.startup.mode",
                    "scan.bounded.mode",
                    "nats.tls.keystore",
                    "nats.tls.keystore-password",
                    "sink.subject");

    @ParameterizedTest
    @CsvSource({
        "ab, ab, 0",
        "ab, ba, 1",
        "ab, a, 1",
        "a, ab, 1",
        "ab, ax, 1",
        "'', abc, 3",
        "abc, '', 3",
        "kitten, sitting, 3",
        "ca, abc, 3"
    })
    void countsWhatToChange(String from, String to, int distance) {
        assertThat(Spelling.distance(from, to)).isEqualTo(distance);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nats.subjct | nats.subject",
                "nats.sbujetc | nats.subject",
                "NATS.Subject | nats.subject",
                "scan.start.mode | scan.startup.mode",
                "scan_startup_mode | scan.startup.mode",
                "subject | nats.subject,sink.subject",
                "nats.tls | nats.tls.keystore,nats.tls.keystore-password",
                "nats.tls.keystore-file | nats.tls.keystore",
                "abc |",
                "'' |",
                "completely.different |"
            })
    void findsTheNearest(String word, String expected) {
        assertThat(String.join(",", Spelling.nearest(word, WORDS)))
                .isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void namesThreeAtMost() {
        assertThat(Spelling.nearest("wordx", Arrays.asList("word4", "word3", "word2", "word1")))
                .containsExactly("word1", "word2", "word3");
    }
}

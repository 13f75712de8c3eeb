// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadPlanTest {

    @Test
    void namesWhatIsReadForMessages() {
        assertThat(ReadPlan.of("S", List.of()).target()).isEqualTo("stream S, all subjects");
        assertThat(ReadPlan.of(null, List.of("a", "b")).target()).isEqualTo("subjects [a, b]");
        assertThat(ReadPlan.ofStreams(List.of("S", "T"), List.of("a")).target())
                .isEqualTo("streams S, T, subjects [a]");
    }

    @Test
    void namesOnlySomeOfThousandsOfSubjects() {
        assertThat(ReadPlan.of(null, subjects(20)).target()).endsWith(", s19]");
        assertThat(ReadPlan.of(null, subjects(10_000)).target())
                .endsWith(", s18, s19] and 9980 more");
    }

    private static List<String> subjects(int count) {
        return IntStream.range(0, count).mapToObj(i -> "s" + i).collect(Collectors.toList());
    }
}

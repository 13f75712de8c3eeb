// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurablePlannerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // table       | consumer | stream | what is wrong
                "-             | a.b      | a.>    | -",
                "a.>           | a.b      | a.>    | -",
                "a.>           | -        | a.>    | -",
                "a.* b         | a.x a.y b| a.* b  | -",
                "a.>           | -        | -      | -",
                "a.b           | a.*      | a.>    | its filter 'a.*', which 'nats.subject' [a.b]"
                        + " does not cover",
                "a.b           | -        | a.>    | it has no filter and delivers 'a.>', which"
                        + " 'nats.subject' [a.b] does not cover",
                "a.* b         | a.x      | a.* b  | its filters [a.x] deliver nothing of 'b'"
            })
    void saysHowAConsumerDiffersFromTheTable(
            String wanted, String delivered, String carried, String fault) {
        assertThat(DurablePlanner.mismatches(list(wanted), list(delivered), list(carried)))
                .isEqualTo(fault == null ? List.of() : List.of(fault));
    }

    private static List<String> list(String text) {
        return text == null ? Collections.emptyList() : Arrays.asList(text.split(" +"));
    }
}

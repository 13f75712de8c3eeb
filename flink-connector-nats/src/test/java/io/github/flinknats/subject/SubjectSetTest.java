// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectSetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a              | a",
                " a , b.* ,c.>  | a b.* c.>",
                "a,a            | a",
                "a.b,a.*        | a.*",
                "a.*,a.b        | a.*",
                "a.b,c,a.>,a.*  | c a.>",
                "a.b,a.c,>      | >"
            })
    void keepsWhatIsNotCovered(String list, String kept) {
        assertThat(SubjectSet.parse(list).texts()).containsExactly(kept.trim().split(" "));
    }

    @Test
    void refusesFiltersThatOverlapPartly() {
        assertThatThrownBy(() -> SubjectSet.parse("x, a.*.c, a.b.*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The subjects 'a.*.c' and 'a.b.*' overlap, so a message could be read"
                                + " twice: write one filter that covers both, such as 'a.*.*', or"
                                + " filters that have no subject in common.");
        assertThatThrownBy(() -> SubjectSet.parse("*.b,a.>"))
                .hasMessageContaining("such as '*.>', or");
    }

    @Test
    void refusesEmptyEntries() {
        assertThatThrownBy(() -> SubjectSet.parse(" "))
                .hasMessage("The list of subjects is empty.");
        assertThatThrownBy(() -> SubjectSet.parse("a,,b"))
                .hasMessage("The list of subjects 'a,,b' has an empty entry: remove a comma.");
    }

    @Test
    @Timeout(5)
    void takesAVeryLongList() {
        String list =
                IntStream.range(0, 100_000)
                        .mapToObj(i -> "orders.s" + i)
                        .collect(Collectors.joining(","));
        assertThat(SubjectSet.parse(list + ",orders.*.x").size()).isEqualTo(100_001);
        assertThat(SubjectSet.parse(list + ",orders.*").texts()).containsExactly("orders.*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.b,a.c     | 2 | a.b,a.c",
                "a.b,a.c     | 1 | a.*",
                "a.1.x,a.2.x,a.3.y | 2 | a.*.x,a.*.y",
                "a.1.x,a.2.x,a.3.y | 1 | a.*.*",
                "a,a.b,a.b.c | 2 | >",
                "x.a,x.a.b   | 1 | x.>",
                "a.*,*.b     | 5 | *.*",
                "a.*,a.b,c   | 5 | a.*,c",
                "a.>,b.x,a.b | 5 | b.x,a.>"
            })
    void coversWithFewerFilters(String list, int most, String fewer) {
        List<SubjectFilter> filters =
                Arrays.stream(list.split(","))
                        .map(SubjectFilter::parse)
                        .collect(Collectors.toList());

        assertThat(SubjectSet.covering(filters, most).texts())
                .containsExactly(fewer.trim().split(","));
    }

    @Test
    void coversEverythingThatWasPassed() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            List<SubjectFilter> filters = new ArrayList<>();
            for (int n = random.nextInt(6); n >= 0; n--) {
                filters.add(anyFilter(random));
            }
            int most = 1 + random.nextInt(4);
            SubjectSet covering = SubjectSet.covering(filters, most);
            assertThat(covering.size()).isLessThanOrEqualTo(most);
            assertThat(filters)
                    .allMatch(one -> covering.filters().stream().anyMatch(f -> f.covers(one)));
            assertThat(SubjectSet.of(covering.filters())).isEqualTo(covering); // disjoint
        }
    }

    static SubjectFilter anyFilter(Random random) {
        List<String> tokens = new ArrayList<>();
        for (int n = random.nextInt(4); n >= 0; n--) {
            tokens.add(
                    n == 0 && random.nextInt(4) == 0 ? ">" : "abc*".split("")[random.nextInt(4)]);
        }
        return SubjectFilter.parse(String.join(".", tokens));
    }

    @Test
    void namesTheEntryThatIsNoFilter() {
        assertThatThrownBy(() -> SubjectSet.parse("orders.>,orders.*x"))
                .hasMessageStartingWith("The subject 'orders.*x' has a '*' inside a token");
    }

    /**
     * Whatever is accepted lets every subject through that one of its entries does, exactly once.
     */
    @Test
    void lessFiltersPassTheSameSubjects() {
        long seed = 4711;
        Random random = new Random(seed);
        int accepted = 0;
        for (int run = 0; run < 2_000; run++) {
            List<SubjectFilter> filters = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                filters.add(SubjectFilter.parse(randomFilter(random)));
            }
            SubjectSet set;
            try {
                set = SubjectSet.of(filters);
            } catch (IllegalArgumentException e) {
                continue;
            }
            accepted++;
            for (int i = 0; i < 20; i++) {
                String subject = randomFilter(random).replaceAll("[*>]", "c");
                boolean wanted = filters.stream().anyMatch(f -> f.matches(subject));
                assertThat(
                                set.filters().stream()
                                        .filter(f -> f.matches(subject))
                                        .collect(Collectors.toList()))
                        .as("%s by %s of %s, seed %s", subject, set, filters, seed)
                        .hasSize(wanted ? 1 : 0);
            }
        }
        assertThat(accepted).isGreaterThan(1_000);
    }

    private static String randomFilter(Random random) {
        StringBuilder filter = new StringBuilder("ab*".charAt(random.nextInt(3)) + "");
        while (random.nextInt(3) > 0) {
            filter.append('.').append("ab*".charAt(random.nextInt(3)));
        }
        return random.nextInt(4) == 0 ? filter + ".>" : filter.toString();
    }
}

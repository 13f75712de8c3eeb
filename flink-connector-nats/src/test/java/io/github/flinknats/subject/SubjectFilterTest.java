// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectFilterTest {

    @ParameterizedTest
    @CsvSource({
        "orders.new, orders.new, true",
        "orders.new, orders.old, false",
        "orders.*, orders.new, true",
        "orders.*, orders, false",
        "orders.*, orders.new.eu, false",
        "orders.>, orders.new.eu, true",
        "orders.>, orders, false",
        ">, orders, true",
        "*.new.*, orders.new.eu, true",
        "orders.*.>, orders.new, false",
        "Orders, orders, false"
    })
    void matchesTokenByToken(String filter, String subject, boolean matches) {
        assertThat(SubjectFilter.parse(filter).matches(subject)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "orders.*, orders.new, true, true",
        "orders.>, orders.*, true, true",
        "orders.*, orders.>, false, true",
        ">, *, true, true",
        "*.>, >, false, true",
        "a.*.c, a.b.*, false, true",
        "a.*.c, a.b.d, false, false",
        "a.>, b.>, false, false",
        "a.*, a.*, true, true",
        "a, a.>, false, false"
    })
    void coversAndOverlaps(String one, String other, boolean covers, boolean overlaps) {
        SubjectFilter left = SubjectFilter.parse(one);
        SubjectFilter right = SubjectFilter.parse(other);

        assertThat(left.covers(right)).isEqualTo(covers);
        assertThat(left.overlaps(right)).isEqualTo(overlaps);
        assertThat(right.overlaps(left)).isEqualTo(overlaps);
    }

    /**
     * Compares with the definition over all subjects that could tell a difference: tokens include
     * one that no filter names, and subjects are longer than every filter.
     */
    @Test
    void agreesWithEverySubject() {
        List<String> subjects = subjects(Arrays.asList("a", "b", "c"), 5);
        long seed = 20261125;
        Random random = new Random(seed);
        for (int run = 0; run < 4_000; run++) {
            SubjectFilter one = SubjectFilter.parse(randomFilter(random));
            SubjectFilter other = SubjectFilter.parse(randomFilter(random));
            List<String> left = passing(one, subjects);
            List<String> right = passing(other, subjects);
            String pair = one + " and " + other + ", seed " + seed + ", run " + run;

            assertThat(one.covers(other)).as(pair).isEqualTo(left.containsAll(right));
            assertThat(one.overlaps(other))
                    .as(pair)
                    .isEqualTo(left.stream().anyMatch(right::contains));
            assertThat(left).as(pair).isEqualTo(passingByPattern(one, subjects));
        }
    }

    private static List<String> passing(SubjectFilter filter, List<String> subjects) {
        return subjects.stream().filter(filter::matches).collect(Collectors.toList());
    }

    private static List<String> passingByPattern(SubjectFilter filter, List<String> subjects) {
        String pattern =
                filter.text()
                        .replace(".", "\\.")
                        .replace("*", "[^.]+")
                        .replace(">", "[^.]+(\\.[^.]+)*");
        return subjects.stream().filter(s -> s.matches(pattern)).collect(Collectors.toList());
    }

    private static String randomFilter(Random random) {
        int length = 1 + random.nextInt(4);
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            String[] choices = {"a", "b", "*", i == length - 1 ? ">" : "a"};
            tokens.add(choices[random.nextInt(choices.length)]);
        }
        return String.join(".", tokens);
    }

    private static List<String> subjects(List<String> tokens, int maxLength) {
        List<String> all = new ArrayList<>();
        List<String> last = tokens;
        for (int length = 1; length <= maxLength; length++) {
            all.addAll(last);
            last =
                    last.stream()
                            .flatMap(s -> tokens.stream().map(t -> s + "." + t))
                            .collect(Collectors.toList());
        }
        return all;
    }

    @Test
    void refusesWhatIsNoFilter() {
        assertThatThrownBy(() -> SubjectFilter.parse("orders..new"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The subject 'orders..new' has an empty token: write exactly one dot"
                                + " between tokens.");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "a.*, *.b, a.b",
                "a.*, a.>, a.*",
                "a.>, a.b.c, a.b.c",
                "a.b, a.c, -",
                "a.*, a.b.c, -",
                ">, *.x, *.x",
                "*.>, >, *.>",
                "a, a.>, -"
            })
    void intersects(String one, String other, String both) {
        SubjectFilter intersection =
                SubjectFilter.parse(one).intersection(SubjectFilter.parse(other));

        assertThat(intersection == null ? null : intersection.text()).isEqualTo(both);
    }

    @Test
    void intersectionPassesWhatBothPass() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            SubjectFilter one = SubjectSetTest.anyFilter(random);
            SubjectFilter other = SubjectSetTest.anyFilter(random);
            List<String> tokens = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                tokens.add("abcd".split("")[random.nextInt(4)]);
            }
            String subject = String.join(".", tokens);
            SubjectFilter both = one.intersection(other);
            assertThat(both != null && both.matches(subject))
                    .as(one + " and " + other + " on " + subject)
                    .isEqualTo(one.matches(subject) && other.matches(subject));
            assertThat(both != null).isEqualTo(one.overlaps(other));
        }
    }
}

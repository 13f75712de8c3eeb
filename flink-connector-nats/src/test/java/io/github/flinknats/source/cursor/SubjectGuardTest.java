// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.subject.SubjectFilter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SubjectGuardTest {
    private static final List<String> TOKENS = Arrays.asList("a", "b", "ab", "größe", "*", ">");

    private static String subject(SplittableRandom random, boolean wildcards) {
        StringBuilder text = new StringBuilder();
        int tokens = 1 + random.nextInt(4);
        for (int i = 0; i < tokens; i++) {
            int kinds = !wildcards ? 4 : i == tokens - 1 ? 6 : 5;
            text.append(i == 0 ? "" : ".").append(TOKENS.get(random.nextInt(kinds)));
        }
        return text.toString();
    }

    @Test
    void passesWhatTheFiltersLetPass() {
        SplittableRandom random = new SplittableRandom(3);
        int passed = 0;
        for (int i = 0; i < 200_000; i++) {
            List<String> filters = Arrays.asList(subject(random, true), subject(random, true));
            String subject = subject(random, false);
            boolean expected =
                    filters.stream().anyMatch(f -> SubjectFilter.parse(f).matches(subject));
            SubjectGuard guard = new SubjectGuard(filters, Narrowing.everything());
            byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
            assertThat(guard.passes(bytes)).as(filters + " " + subject).isEqualTo(expected);
            assertThat(guard.passes(bytes)).as("asked again").isEqualTo(expected);
            passed += expected ? 1 : 0;
        }
        assertThat(passed).isBetween(10_000, 190_000);
    }

    @Test
    void needsFiltersOnlyWhereTheyKeepSomethingOut() {
        List<String> filters = Arrays.asList("a.>", "b.*");
        SubjectGuard guard = new SubjectGuard(filters, Narrowing.everything());
        assertThat(guard.needed(StreamFixtures.listeningTo(false, "a.*", "b.c"))).isEmpty();
        assertThat(guard.needed(StreamFixtures.listeningTo(false, "a.>", "b.*"))).isEmpty();

        assertThat(guard.needed(StreamFixtures.listeningTo(false, "a.>", "c"))).isEqualTo(filters);
        assertThat(guard.needed(StreamFixtures.listeningTo(false, "b.>"))).isEqualTo(filters);
        assertThat(guard.needed(StreamFixtures.listeningTo(false))).isEqualTo(filters);
        assertThat(guard.needed(StreamFixtures.listeningTo(true, "a.*"))).isEqualTo(filters);
        assertThat(guard.needed(StreamFixtures.listeningTo(false, "a.\u200b"))).isEqualTo(filters);
    }

    @Test
    void asksOnlyForWhatIsWanted() {
        Narrowing wanted =
                Narrowing.subject(SubjectFilter.parse("a.b"))
                        .or(Narrowing.subject(SubjectFilter.parse("c.>")));
        StreamFacts stream = StreamFixtures.listeningTo(false, ">");
        SubjectGuard guard = new SubjectGuard(Arrays.asList("a.*", "d"), wanted);
        assertThat(guard.needed(stream)).containsExactly("a.b");
        assertThat(guard.passes(bytes("a.b"))).isTrue();
        assertThat(guard.passes(bytes("a.c"))).isFalse();
        assertThat(guard.passes(bytes("c.a"))).isFalse();

        guard = new SubjectGuard(Collections.emptyList(), wanted);
        assertThat(guard.needed(stream)).containsExactly("a.b", "c.>");
        assertThat(guard.passes(bytes("c.a"))).isTrue();
    }

    @Test
    void asksForNothingWhereNothingIsWanted() {
        Narrowing wanted = Narrowing.subject(SubjectFilter.parse("a.b"));
        SubjectGuard guard = new SubjectGuard(Collections.singletonList("d"), wanted);
        assertThat(guard.needed(StreamFixtures.listeningTo(false, "d")))
                .containsExactly("_flink.nothing");
        assertThat(guard.passes(bytes("d"))).isFalse();
        assertThat(guard.passes(bytes("_flink.nothing"))).isFalse();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void passesEverythingWithoutFilters() {
        SubjectGuard guard = new SubjectGuard(Collections.emptyList(), Narrowing.everything());
        assertThat(guard.passes(bytes("a"))).isTrue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.table.config.NatsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/troubleshooting.md} to the sources, and the tests to it: each text that a user
 * may read stands there, word by word; nothing else does; and some test asserts each of them.
 */
class TroubleshootingTest {
    /** So many characters in a row tell one message from all others. */
    private static final int TELLING = 16;

    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src");

    private static List<Troubleshooting.Entry> entries = List.of();
    private static List<JavaTexts.Text> sources = List.of();

    @BeforeAll
    static void read() throws IOException {
        entries = Troubleshooting.read();
        sources = JavaTexts.below(SOURCES.resolve("main/java"), false);
    }

    @Test
    void everyTextOfTheSourcesIsExplained() {
        assertThat(unexplained(sources, entries))
                .as(
                        "texts in no message of docs/troubleshooting.md: explain them there, or,"
                                + " if no user can meet them, say why in InternalTexts")
                .isEmpty();
    }

    @Test
    void everyMessageStandsInTheSources() {
        assertThat(stale(sources, entries))
                .as("messages of docs/troubleshooting.md that the sources do not say (any more)")
                .isEmpty();
    }

    @Test
    void everyMessageIsAssertedByATest() throws IOException {
        assertThat(untested(testedTexts(), entries))
                .as(
                        "messages of docs/troubleshooting.md that no test asserts: %d characters in"
                                + " a row that stand in no other message",
                        TELLING)
                .isEmpty();
    }

    @Test
    void noMessageIsThereTwice() {
        Set<String> seen = new HashSet<>();
        assertThat(entries).filteredOn(entry -> !seen.add(entry.text)).isEmpty();
        assertThat(entries).hasSizeGreaterThan(200);
    }

    @Test
    void whatNoUserMeetsIsStillThere() {
        Set<String> all = sources.stream().map(text -> text.template()).collect(Collectors.toSet());
        assertThat(InternalTexts.WITH_REASON.keySet()).isSubsetOf(all);
    }

    @Test
    void namesOnlyOptionsThatExist() throws IOException {
        Set<String> options =
                Stream.concat(NatsOptions.required().stream(), NatsOptions.optional().stream())
                        .map(option -> option.key())
                        .collect(Collectors.toSet());
        Matcher named =
                Pattern.compile("['`]((?:nats|scan|sink)\\.[a-z.-]+)['`]")
                        .matcher(Files.readString(Troubleshooting.FILE));
        Set<String> unknown = new TreeSet<>();
        while (named.find()) {
            String key = named.group(1);
            if (!options.contains(key)
                    && options.stream().noneMatch(option -> option.startsWith(key + '.'))) {
                unknown.add(key);
            }
        }
        assertThat(unknown).isEmpty();
    }

    // ------------------------------------------------------------------ that the checks check

    @Test
    void noticesWhatIsMissingAndWhatIsStale() {
        List<JavaTexts.Text> said =
                List.of(
                        text("Cannot read ", null, ", because it is closed."),
                        text("the door is locked"));
        List<Troubleshooting.Entry> good =
                List.of(
                        entry("Cannot read <what>, because it is closed."),
                        entry("… the door is locked"));
        assertThat(unexplained(said, good)).isEmpty();
        assertThat(stale(said, good)).isEmpty();
        assertThat(untested(List.of("because it is closed.", "the door is locked"), good))
                .isEmpty();

        List<Troubleshooting.Entry> other =
                List.of(
                        entry("Cannot read <what>, because it was closed."),
                        entry("… the door is locked"));
        assertThat(unexplained(said, other)).containsExactly(said.get(0));
        assertThat(stale(said, other)).containsExactly(other.get(0));
        assertThat(unexplained(said, good.subList(0, 1))).containsExactly(said.get(1));
        assertThat(untested(List.of("because it is closed."), good)).containsExactly(good.get(1));
        assertThat(untested(List.of("Cannot read ", "locked"), good)).isEqualTo(good);
    }

    @Test
    void noticesWhenTheFormIsNotKept() {
        assertThat(Troubleshooting.parse("# T\n\n### One\n> `a <b>`\n>\n> `c`\n\n**Do:** it.\n"))
                .extracting(one -> one.text)
                .containsExactly("a <b>", "c");
        for (String wrong :
                List.of(
                        "# T\n\n### One\n> `a`\n\nNothing to do.\n",
                        "# T\n\n### One\n\n**Do:** it.\n",
                        "# T\n\n### One\n> `a` b\n\n**Do:** it.\n",
                        "# T\n\n### One\n> `a`\n\nAnd\n> `b`\n\n**Do:** it.\n",
                        "# T\n\n## One\n> `a`\n\n**Do:** it.\n")) {
            assertThatThrownBy(() -> Troubleshooting.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static JavaTexts.Text text(String... pieces) {
        return new JavaTexts.Text("X.java:1", Arrays.asList(pieces));
    }

    private static Troubleshooting.Entry entry(String text) {
        return new Troubleshooting.Entry("T", text, false);
    }

    // ------------------------------------------------------------------ the checks

    private static List<JavaTexts.Text> unexplained(
            List<JavaTexts.Text> sources, List<Troubleshooting.Entry> entries) {
        return sources.stream()
                .filter(JavaTexts.Text::isProse)
                .filter(text -> !InternalTexts.WITH_REASON.containsKey(text.template()))
                .filter(text -> entries.stream().noneMatch(entry -> entry.holds(text.fixed())))
                .collect(Collectors.toList());
    }

    private static List<Troubleshooting.Entry> stale(
            List<JavaTexts.Text> sources, List<Troubleshooting.Entry> entries) {
        Set<String> tiles = new LinkedHashSet<>();
        for (JavaTexts.Text text : sources) {
            for (String piece : text.fixed()) {
                if (piece.indexOf(' ') >= 0 || piece.chars().noneMatch(Character::isLetter)) {
                    tiles.add(piece);
                    tiles.add(piece.trim());
                }
            }
        }
        return entries.stream()
                .filter(entry -> !entry.ofFlink)
                .filter(entry -> !entry.pieces.stream().allMatch(one -> isTiled(one, tiles)))
                .collect(Collectors.toList());
    }

    /** Whether a text is put together from others; where its message was cut, from their ends. */
    private static boolean isTiled(String text, Collection<String> tiles) {
        boolean[] reached = new boolean[text.length() + 1];
        reached[0] = true;
        for (int i = 0; i < text.length(); i++) {
            for (String tile : tiles) {
                boolean fits = !tile.isEmpty() && text.startsWith(tile, i);
                if (reached[i] && fits) {
                    reached[i + tile.length()] = true;
                }
                boolean cutAtStart = i == 0 && endOf(tile, text);
                if (cutAtStart) {
                    return true;
                }
            }
            if (reached[i] && i > 0 && isStart(text.substring(i), tiles)) {
                return true;
            }
        }
        return reached[text.length()];
    }

    private static boolean endOf(String tile, String text) {
        return text.length() >= TELLING && tile.contains(text);
    }

    private static boolean isStart(String text, Collection<String> tiles) {
        return tiles.stream().anyMatch(tile -> tile.startsWith(text));
    }

    private static List<Troubleshooting.Entry> untested(
            Collection<String> tests, List<Troubleshooting.Entry> entries) {
        Map<String, Integer> grams = new HashMap<>();
        for (Troubleshooting.Entry entry : entries) {
            gramsOf(entry).forEach(gram -> grams.merge(gram, 1, Integer::sum));
        }
        String all = String.join("\n", tests);
        List<Troubleshooting.Entry> untested = new ArrayList<>();
        for (Troubleshooting.Entry entry : entries) {
            if (gramsOf(entry).stream()
                            .noneMatch(gram -> grams.get(gram) == 1 && all.contains(gram))
                    && !entry.asPattern().matcher(all).find()) {
                untested.add(entry);
            }
        }
        return untested;
    }

    /** All that is as long as needed to tell; where no piece is so long, the longest. */
    private static Set<String> gramsOf(Troubleshooting.Entry entry) {
        int longest = entry.pieces.stream().mapToInt(String::length).max().orElse(0);
        int length = Math.min(TELLING, longest);
        Set<String> grams = new HashSet<>();
        for (String piece : entry.pieces) {
            for (int i = 0; i + length <= piece.length(); i++) {
                grams.add(piece.substring(i, i + length));
            }
        }
        return grams;
    }

    /** What tests say, but these here, and the scripts, in which lines are wrapped. */
    private static List<String> testedTexts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (JavaTexts.Text text : JavaTexts.below(SOURCES.resolve("test/java"), true)) {
            if (!text.place.contains("Troubleshooting") && !text.place.contains("InternalTexts")) {
                texts.add(text.template().replace('\n', ' '));
            }
        }
        try (Stream<Path> files = Files.walk(SOURCES.resolve("test/resources"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".script"))
                            .collect(Collectors.toList())) {
                texts.add(Files.readString(file).replaceAll("\\s+", " "));
            }
        }
        return texts;
    }
}

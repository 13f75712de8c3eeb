// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** From values to a subject and back: what comes out is one subject, or a refusal. */
class SubjectTemplateFuzzTest {
    private static final int CASES = 1_000_000;
    private static final String[] TEMPLATES = {
        "{a}", "t.{a}", "t.{a}.{b}", "{a}.x.{b}", "t.{a...}", "{a}.{b...}", "$KV.b.{a...}"
    };
    private static final String[] PARTS = {
        "",
        "a",
        "eu",
        "\u00e4",
        "\u4e2d",
        ".",
        "..",
        " ",
        "\t",
        "\r",
        "\n",
        "\r\nPUB evil 0\r\n",
        "*",
        ">",
        "\u0000",
        "\u001b[2J",
        "\u007f",
        "\u0085",
        "\u00a0",
        "\u200b",
        "\u2028",
        "\u202e",
        "\ud800",
        "{a}",
        "'",
        "\\",
        "$JS"
    };

    @Test
    void writesOneSubjectOrRefuses() {
        SubjectTemplate[] templates =
                Arrays.stream(TEMPLATES)
                        .map(SubjectTemplate::parse)
                        .toArray(SubjectTemplate[]::new);
        SplittableRandom random = new SplittableRandom(11);
        int written = 0;
        for (int i = 0; i < CASES; i++) {
            SubjectTemplate template = templates[random.nextInt(templates.length)];
            String[] values = new String[template.columns().size()];
            for (int v = 0; v < values.length; v++) {
                values[v] = value(random);
            }
            try {
                String subject = template.write(values);
                assertOneSubject(subject, values);
                if (!Arrays.equals(template.read(subject), values)) {
                    throw new AssertionError(template + " does not read " + subject);
                }
                written++;
            } catch (IllegalArgumentException e) {
                if (!e.getMessage().startsWith("Column '")
                        || e.getMessage().chars().anyMatch(Character::isISOControl)
                        || e.getMessage().length() > 1_400) {
                    throw new AssertionError(e.getMessage(), e);
                }
            }
        }
        assertThat(written).isBetween(CASES / 20, CASES * 19 / 20);
    }

    private static String value(SplittableRandom random) {
        if (random.nextInt(500) == 0) {
            return "\u001b".repeat(random.nextInt(5_000));
        }
        StringBuilder value = new StringBuilder();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            // Mostly harmless, or nothing would ever be written.
            value.append(random.nextInt(3) > 0 ? "a" : PARTS[random.nextInt(PARTS.length)]);
        }
        return value.toString();
    }

    private static void assertOneSubject(String subject, String[] values) {
        boolean harmless =
                subject.chars()
                        .noneMatch(
                                c ->
                                        c <= ' '
                                                || c == 0x7F
                                                || c == '*'
                                                || c == '>'
                                                || Character.isISOControl(c)
                                                || Character.isWhitespace(c)
                                                || Character.isSpaceChar(c));
        if (!harmless || Arrays.asList(subject.split("\\.", -1)).contains("")) {
            throw new AssertionError(Arrays.toString(values) + " became '" + subject + "'");
        }
    }

    /** Any text is a template, or is refused in one printable sentence. */
    @Test
    void readsTemplatesOrRefuses() {
        SplittableRandom random = new SplittableRandom(12);
        String letters = "{}{}..a*> \r\u001b";
        int read = 0;
        for (int i = 0; i < CASES; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                SubjectTemplate template = SubjectTemplate.parse(text.toString());
                if (Subjects.filterProblem(template.filter()) != null) {
                    throw new AssertionError(text);
                }
                read++;
            } catch (IllegalArgumentException e) {
                if (e.getMessage().chars().anyMatch(Character::isISOControl)) {
                    throw new AssertionError(text.toString(), e);
                }
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectTemplateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "orders.{region}.{id} | orders.eu.7      | eu,7",
                "orders.{region}.{id} | orders.eu        | -",
                "orders.{region}.{id} | orders.eu.7.x    | -",
                "orders.{region}.{id} | bills.eu.7       | -",
                "orders.{region}.{id} | order.eu.7       | -",
                "orders.{region}.{id} | orders           | -",
                "{id}                 | 7                | 7",
                "{id}.x               | 7.x              | 7",
                "$KV.b.{key...}       | $KV.b.a.b.c      | a.b.c",
                "$KV.b.{key...}       | $KV.b.a          | a",
                "$KV.b.{key...}       | $KV.b            | -",
                "$KV.b.{key...}       | $KV.c.a          | -",
                "*.{id}.>             | a.7.x.y          | 7",
                "*.{id}.>             | a.7              | -",
                "a.*.{id}             | a.b.7            | 7"
            })
    void readsTheColumnsOfASubject(String template, String subject, String values) {
        String[] read = SubjectTemplate.parse(template).read(subject);

        assertThat(read == null ? null : String.join(",", read)).isEqualTo(values);
    }

    @ParameterizedTest
    @CsvSource({
        "orders.{region}.{id}, orders.*.*",
        "$KV.b.{key...}, $KV.b.>",
        "{a}, *",
        "*.{id}.>, *.*.>"
    })
    void isAFilterToo(String template, String filter) {
        assertThat(SubjectTemplate.parse(template).filter()).isEqualTo(filter);
    }

    @Test
    void isANarrowerFilterWhenColumnsAreKnown() {
        SubjectTemplate template = SubjectTemplate.parse("orders.{region}.{id...}");

        assertThat(template.filter(Collections.singletonMap("region", "eu")))
                .isEqualTo("orders.eu.>");
        assertThat(template.filter(Collections.singletonMap("id", "7.x")))
                .isEqualTo("orders.*.7.x");
        assertThatThrownBy(() -> template.filter(Collections.singletonMap("region", "e.u")))
                .hasMessageContaining("'region'")
                .hasMessageContaining("'e.u' contains a dot");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "orders.new        | has no column in it",
                "orders.{id        | has a '{' without its '}'",
                "orders.x{id}      | has braces inside a token",
                "orders.{id}x      | has braces inside a token",
                "orders.id}        | has braces inside a token",
                "orders.{}         | has a column without a name",
                "orders.{...}      | has a column without a name",
                "{a}.{a}           | has the column 'a' twice",
                "{a...}.b          | has '{a...}' before its end",
                "orders..{a}       | has an empty token",
                "orders.{a}.       | has an empty token",
                "orders.>.{a}      | has a '>' that is not the last token",
                "or ders.{a}       | contains white space"
            })
    void refusesWhatIsNoTemplate(String text, String why) {
        assertThatThrownBy(() -> SubjectTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void writesTheSubjectOfItsColumns() {
        assertThat(SubjectTemplate.parse("orders.{region}.{id}").write(new String[] {"eu", "7"}))
                .isEqualTo("orders.eu.7");
        assertThat(SubjectTemplate.parse("$KV.b.{key...}").write(new String[] {"a.b"}))
                .isEqualTo("$KV.b.a.b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{a}    | -      | its value is NULL",
                "{a}    | ''     | its value '' is empty",
                "{a}    | x y    | 'x y' contains white space",
                "{a}    | x*     | 'x*' contains a wildcard",
                "{a}    | >      | '>' contains a wildcard",
                "{a}    | x.y    | 'x.y' contains a dot",
                "{a...} | x..y   | 'x..y' has an empty token",
                "{a...} | .x     | '.x' has an empty token",
                "{a...} | x.     | 'x.' has an empty token",
                "{a...} | x.*    | 'x.*' contains a wildcard"
            })
    void refusesValuesThatAreNoToken(String template, String value, String why) {
        assertThatThrownBy(() -> SubjectTemplate.parse("t." + template).write(new String[] {value}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Column 'a' cannot be part of a subject: ")
                .hasMessageContaining(why);
    }

    @Test
    void knowsWhetherASubjectCanBeMade() {
        assertThat(SubjectTemplate.parse("a.{b}").isWritable()).isTrue();
        assertThat(SubjectTemplate.parse("a.*.{b}").isWritable()).isFalse();
        assertThat(SubjectTemplate.parse("a.{b}.>").isWritable()).isFalse();
    }

    /** What is read agrees with the filter, and what is written is read again. */
    @Test
    void agreesWithItsFilter() {
        Random random = new Random(5);
        String[] templates = {"a.{x}", "{x}.{y}", "a.*.{x}", "a.{x...}", "{x}.b.{y...}", "*.{x}.>"};
        for (int i = 0; i < 100_000; i++) {
            SubjectTemplate template = SubjectTemplate.parse(templates[i % templates.length]);
            StringBuilder subject = new StringBuilder();
            for (int n = random.nextInt(5); n >= 0; n--) {
                subject.append("abc".charAt(random.nextInt(3))).append(n == 0 ? "" : ".");
            }
            String[] values = template.read(subject.toString());
            assertThat(values != null)
                    .as(template + " and " + subject)
                    .isEqualTo(SubjectFilter.parse(template.filter()).matches(subject.toString()));
            if (values != null && template.isWritable()) {
                assertThat(template.write(values)).isEqualTo(subject.toString());
            }
        }
    }
}

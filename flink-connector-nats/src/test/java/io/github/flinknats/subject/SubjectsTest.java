// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "orders.new",
                "*",
                ">",
                "a.*.c.>",
                "$KV.bucket.>",
                "a-b_c=/",
                "größe.€"
            })
    void acceptsFilters(String filter) {
        assertThat(Subjects.filterProblem(filter)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'.a'    | The subject '.a' has an empty token: write exactly one dot between tokens.",
                "'a.'    | The subject 'a.' has an empty token: write exactly one dot between tokens.",
                "'a b'   | The subject 'a b' contains white space or an unprintable character.",
                "'a.b*'  | The subject 'a.b*' has a '*' inside a token: it is a wildcard only as a"
                        + " whole token, as in 'orders.*.created'.",
                "'a.>b'  | The subject 'a.>b' has a '>' inside a token: it is a wildcard only as the"
                        + " whole last token, as in 'orders.>'.",
                "'a.>.b' | The subject 'a.>.b' has a '>' that is not the last token; write '*' for"
                        + " one token."
            })
    void explainsBrokenFilters(String filter, String problem) {
        assertThat(Subjects.filterProblem(filter)).isEqualTo(problem);
    }

    @Test
    void writesWhatCannotBeSeen() {
        assertThat(Subjects.filterProblem("")).isEqualTo("The subject is empty.");
        assertThat(Subjects.filterProblem("a\n"))
                .isEqualTo(
                        "The subject 'aU+000A' contains white space or an unprintable character.");
        assertThat(Subjects.filterProblem("a\u00a0b")).contains("'aU+00A0b'");
        assertThat(Subjects.filterProblem("a\u200bb")).contains("'aU+200Bb'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORDERS", "orders-eu_1", "KV_bucket", "größe", "NUL", "a=b"})
    void acceptsStreamNames(String name) {
        assertThat(Subjects.streamNameProblem(name)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a.b | '.'",
                "a*b | '*'",
                "a>b | '>'",
                "a/b | '/'",
                "a\\b | '\\'",
                "a b | a space"
            })
    void refusesCharactersInStreamNames(String name, String what) {
        assertThat(Subjects.streamNameProblem(name))
                .isEqualTo(
                        "The stream name '"
                                + name
                                + "' contains "
                                + what
                                + "; JetStream allows no white space, no unprintable characters and"
                                + " none of . * > / \\ in it.");
    }

    @Test
    void limitsTheLengthOfNames() {
        assertThat(Subjects.streamNameProblem("")).isEqualTo("The stream name is empty.");
        assertThat(Subjects.streamNameProblem("n".repeat(255))).isNull();
        assertThat(Subjects.streamNameProblem("n".repeat(256)))
                .isEqualTo("The stream name has 256 characters; JetStream allows 255.");
        assertThat(Subjects.streamNameProblem("a\tb")).contains("'aU+0009b' contains U+0009;");
        assertThat(Subjects.consumerNameProblem("a.b"))
                .startsWith("The consumer name 'a.b' contains '.'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nul       | The stream name 'nul' is a reserved file name on some operating systems;"
                        + " another name is recommended.",
                "COM1      | The stream name 'COM1' is a reserved file name on some operating"
                        + " systems; another name is recommended.",
                "größe     | The stream name 'größe' contains 'ö'; letters, digits, '-' and '_' are"
                        + " recommended.",
                "a_name_of_thirty-three_characters | The stream name"
                        + " 'a_name_of_thirty-three_characters' has 33 characters; at most 32 are"
                        + " recommended."
            })
    void advisesOnStreamNames(String name, String advice) {
        assertThat(Subjects.streamNameAdvice(name)).isEqualTo(advice);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORDERS", "orders-eu_1", "COM", "COM10", "CONSOLE"})
    void advisesNothingOnGoodNames(String name) {
        assertThat(Subjects.streamNameAdvice(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b-c_d", "$KV.bucket.k=1/2", "größe.x", "!.~"})
    void takesSubjectsOfMessages(String subject) {
        assertThat(Subjects.subjectProblem(subject)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a.* | The subject 'a.*' has a wildcard, and a message has one subject.",
                "ö.> | The subject 'ö.>' has a wildcard, and a message has one subject.",
                "a.b* | The subject 'a.b*' has a '*' inside a token: it is a wildcard only as a"
                        + " whole token, as in 'orders.*.created'.",
                "a..b | The subject 'a..b' has an empty token: write exactly one dot between"
                        + " tokens.",
                "a. | The subject 'a.' has an empty token: write exactly one dot between tokens.",
                "a.b c | The subject 'a.b c' contains white space or an unprintable character.",
                "$JS.API.INFO | The subject '$JS.API.INFO' is one of the server's own.",
                "$SYS.x | The subject '$SYS.x' is one of the server's own."
            })
    void refusesSubjectsThatNoMessageHas(String subject, String problem) {
        assertThat(Subjects.subjectProblem(subject)).isEqualTo(problem);
    }
}

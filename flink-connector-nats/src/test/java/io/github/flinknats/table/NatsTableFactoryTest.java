// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.table.config.NatsOptions;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatsTableFactoryTest {
    private final TableEnvironment env =
            TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    @Test
    void acceptsTheFirstUsersTable() {
        env.executeSql(
                "CREATE TABLE orders (a STRING, b BIGINT, c STRING, PRIMARY KEY (a, b) NOT ENFORCED)"
                        + " WITH ('connector'='nats','nats.server_url'='h1:4222,h2:4222',"
                        + "'nats.subject'='orders.*','nats.user'='u','nats.password'='p',"
                        + "'format'='json')");

        assertThat(env.explainSql("SELECT * FROM orders"))
                .contains("TableSourceScan(table=[[default_catalog, default_database, orders]]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'nats.server_url'='h2' | 'nats.server-url' and 'nats.server_url' are the same option"
                        + " in two spellings: set only one of them.",
                "'nats.user'='u' | 'nats.user' is set without 'nats.password': set both, or neither.",
                "'scan.startup.sequence'='5' | 'scan.startup.sequence' has no effect without its"
                        + " mode: set 'scan.startup.mode' = 'sequence'.",
                "'nats.properties.token'='t' | Invalid value for option 'nats.properties.token': The"
                        + " client property 'token' cannot be set: logins and TLS are set by options"
                        + " of their own.",
                "'nats.properties.url'='h' | Invalid value for option 'nats.properties.url': The"
                        + " client property 'url' cannot be set: set nats.server-url instead.",
                "'nats.domain'='a b' | Invalid value for option 'nats.domain': 'a b' is not a"
                        + " JetStream domain: write subject tokens separated by dots, without spaces"
                        + " and wildcards.",
                "'scan.dead-letter.subject'='a b', 'scan.on-error'='dead-letter' | Invalid value for"
                        + " option 'scan.dead-letter.subject': The subject 'a b' contains white"
                        + " space or an unprintable character.",
                "'scan.ordering'='filter', 'nats.stream'='a b' | Invalid value for option"
                        + " 'nats.stream': The stream name 'a b' contains a space; JetStream allows"
                        + " no white space, no unprintable characters and none of . * > / \\ in it."
            })
    void refusesOptions(String options, String message) {
        create("'nats.server-url'='h', 'nats.subject'='a', 'format'='json', " + options, "");

        assertThat(refusal()).isEqualTo(message);
    }

    @Test
    void refusesAMissingServer() {
        create("'nats.subject'='a', 'format'='json'", "");

        assertThat(refusal())
                .isEqualTo(
                        "One or more required options are missing.\n\nMissing required options"
                                + " are:\n\nnats.server-url");
    }

    @Test
    void refusesAMissingFormat() {
        create("'nats.server-url'='h', 'nats.subject'='a'", "");

        assertThat(refusal())
                .isEqualTo(
                        "One or more required options are missing.\n\nMissing required options"
                                + " are:\n\nformat");
    }

    @Test
    void refusesToReadAKeySideBySide() {
        create(
                "'nats.server-url'='h', 'nats.subject'='a,b', 'format'='json',"
                        + " 'scan.ordering'='filter'",
                ", PRIMARY KEY (id) NOT ENFORCED");

        assertThat(refusal())
                .startsWith("'scan.ordering' = 'filter' reads the subjects [a, b] side by side");
    }

    @Test
    void keepsSecretsOutOfRefusals() {
        create(
                "'nats.server-url'='h', 'nats.subject'='a', 'format'='json', 'nats.user'='u',"
                        + " 'nats.password'='geheim', 'scan.startup.sequence'='5'",
                "");

        assertThatThrownBy(() -> env.explainSql("SELECT * FROM t"))
                .satisfies(
                        e ->
                                assertThat(ExceptionUtils.stringifyException(e))
                                        .contains("nats.password")
                                        .doesNotContain("geheim"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'nats.subject'='a.*' | The table does not say to which subject its rows are written:"
                        + " 'nats.subject' is not one subject without wildcards. Set 'sink.subject'"
                        + " to a subject or to a template such as 'orders.{region}.{id}', or declare"
                        + " a column with METADATA FROM 'subject'.",
                "'nats.subject'='a,b' | The table does not say to which subject its rows are"
                        + " written: 'nats.subject' is not one subject without wildcards. Set"
                        + " 'sink.subject' to a subject or to a template such as"
                        + " 'orders.{region}.{id}', or declare a column with METADATA FROM"
                        + " 'subject'.",
                "'nats.subject'='a', 'sink.subject'='a.*' | Invalid value for option"
                        + " 'sink.subject': The subject 'a.*' has a wildcard, and a message has one"
                        + " subject.",
                "'nats.subject'='a', 'sink.subject'='a.{id}.*' | Invalid value for option"
                        + " 'sink.subject': The subject 'a.{id}.*' has a wildcard, and a message has"
                        + " one subject: write columns instead, as in 'orders.{region}.{id}'.",
                "'nats.subject'='a', 'sink.subject'='$JS.API.INFO' | Invalid value for option"
                        + " 'sink.subject': The subject '$JS.API.INFO' is one of the server's own.",
                "'nats.subject'='a', 'sink.subject'='a.{x}' | The subject 'a.{x}' names the column"
                        + " 'x', but the table has none of that name. Its physical columns are [id].",
                "'nats.subject'='a.{id}', 'value.fields-include'='except-subject' | Every column is"
                        + " in the subject, and with 'value.fields-include' = 'except-subject'"
                        + " nothing is left for the payload: remove the option.",
                "'nats.subject'='a', 'sink.max-in-flight'='0' | Invalid value for option"
                        + " 'sink.max-in-flight': At least one message must be allowed in flight,"
                        + " not 0.",
                "'nats.subject'='a', 'sink.delivery-guarantee'='exactly-once' | Check 'sink.id' and"
                        + " 'sink.delivery-guarantee': writing exactly once needs a sink id: a name"
                        + " that the sink keeps when the job restarts, and that no other job has.",
                "'nats.subject'='a', 'sink.id'='b' | Check 'sink.id' and 'sink.delivery-guarantee':"
                        + " a sink id means nothing unless writing is exactly once.",
                "'nats.subject'='a', 'sink.delivery-guarantee'='exactly-once', 'sink.id'='a.b' |"
                        + " Invalid value for option 'sink.id': A sink id has 1 to 32 letters (a to z,"
                        + " A to Z), digits, '-' and '_', unlike 'a.b'.",
                "'nats.subject'='a', 'sink.buffer-flush.max-rows'='0',"
                        + " 'sink.buffer-flush.interval'='1s' | Invalid value for option"
                        + " 'sink.buffer-flush.max-rows': At least one row must fit into the buffer,"
                        + " not 0.",
                "'nats.subject'='a', 'sink.buffer-flush.max-rows'='9',"
                        + " 'sink.buffer-flush.interval'='0s' | Invalid value for option"
                        + " 'sink.buffer-flush.interval': The interval must be at least 1 ms, not"
                        + " PT0S.",
                "'nats.subject'='a', 'sink.parallelism'='0' | Invalid value for option"
                        + " 'sink.parallelism': At least 1 is needed, not 0."
            })
    void refusesToWrite(String options, String message) {
        create("'nats.server-url'='h', 'format'='json', " + options, "");

        assertThat(refusal("INSERT INTO t VALUES (1)")).isEqualTo(message);
    }

    @Test
    void refusesAKeyThatIsNotInTheSubject() {
        env.executeSql(
                "CREATE TABLE t (a INT, b INT, c INT, PRIMARY KEY (a, b) NOT ENFORCED) WITH"
                        + " ('connector'='nats', 'nats.server-url'='h', 'nats.subject'='x.{b}',"
                        + " 'format'='json')");

        assertThat(refusal("INSERT INTO t VALUES (1, 2, 3)"))
                .isEqualTo(
                        "The columns [a] of the PRIMARY KEY are not in the subject 'x.{b}', so that"
                                + " rows of different keys would overwrite one another: set"
                                + " 'sink.subject' to a template with every column of the key, as in"
                                + " 'orders.{a}.{b}'.");
    }

    @Test
    void refusesABufferWithoutAKey() {
        create(
                "'nats.server-url'='h', 'nats.subject'='a', 'format'='json',"
                        + " 'sink.buffer-flush.max-rows'='5'",
                "");

        assertThat(refusal("INSERT INTO t VALUES (1)"))
                .startsWith(
                        "'sink.buffer-flush' keeps the last row of each key, and the table has");
    }

    @Test
    void refusesUpdatesWithoutAKey() {
        create("'nats.server-url'='h', 'nats.subject'='a', 'format'='json'", "");

        assertThatThrownBy(
                        () ->
                                env.explainSql(
                                        "INSERT INTO t SELECT CAST(COUNT(*) AS INT) FROM (VALUES"
                                                + " (1), (2)) AS v(x) GROUP BY x"))
                .hasStackTraceContaining("doesn't support consuming update changes");
    }

    @Test
    void takesUpdatesWithAKeyButNotWhatTheyReplace() {
        create(
                "'nats.server-url'='h', 'nats.subject'='a.{id}', 'format'='json'",
                ", PRIMARY KEY (id) NOT ENFORCED");

        assertThat(
                        env.explainSql(
                                "INSERT INTO t SELECT CAST(x AS INT) FROM (VALUES (1), (2)) AS v(x)"
                                        + " GROUP BY x",
                                ExplainDetail.CHANGELOG_MODE))
                .contains("changelogMode=[NONE]")
                .doesNotContain("UB");
    }

    @Test
    void listsEveryOption() {
        NatsTableFactory factory = new NatsTableFactory();

        assertThat(factory.factoryIdentifier()).isEqualTo("nats");
        assertThat(factory.requiredOptions()).isEqualTo(NatsOptions.required());
        assertThat(factory.optionalOptions()).isEqualTo(NatsOptions.optional());
        assertThat(
                        factory.forwardOptions().stream()
                                .map(ConfigOption::key)
                                .collect(Collectors.toList()))
                .doesNotContain("format")
                .contains("nats.server-url", "scan.startup.mode");
    }

    @Test
    void advisesOnAStreamNameOnce() {
        assertThat(StreamNameAdvice.give("größe"))
                .isEqualTo(
                        "The stream name 'größe' contains 'ö'; letters, digits, '-' and '_' are"
                                + " recommended.");
        assertThat(StreamNameAdvice.give("größe")).isNull();
        assertThat(StreamNameAdvice.give("ORDERS")).isNull();
        assertThat(StreamNameAdvice.give(null)).isNull();
    }

    private void create(String options, String constraint) {
        env.executeSql(
                "CREATE TABLE t (id INT"
                        + constraint
                        + ") WITH ('connector'='nats', "
                        + options
                        + ")");
    }

    /** The innermost sentence of Flink's refusal to plan a query. */
    private String refusal() {
        return refusal("SELECT * FROM t");
    }

    private String refusal(String statement) {
        try {
            env.explainSql(statement);
        } catch (ValidationException e) {
            Throwable cause = e;
            while (cause.getCause() instanceof ValidationException) {
                cause = cause.getCause();
            }
            return String.valueOf(cause.getMessage());
        }
        throw new AssertionError("The table was accepted.");
    }
}

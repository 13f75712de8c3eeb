// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Values of rows become one subject, headers and a payload, or fail the job by saying why. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class SqlHostileRowsITCase {
    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private void table(String columns, NatsServer server, TestStream stream, String subject) {
        sql.table(
                "t",
                columns,
                SqlFixture.from(server, stream),
                "'sink.subject' = '" + stream.subject(subject) + "'");
    }

    private String refusal(String values) {
        return sql.insertFailure("INSERT INTO t VALUES (" + values + ")");
    }

    @Test
    void refusesWhatIsNoToken(NatsServer server, TestStream stream) {
        table("s STRING, v INT", server, stream, "{s}");
        String begin = "Column 's' cannot be part of a subject: its value ";
        assertThat(refusal("'', 1"))
                .contains("Column 's' cannot be part of a subject: its value '' is empty.");
        assertThat(refusal("'a b', 1"))
                .contains(begin + "'a b' contains white space or an unprintable character.");
        assertThat(refusal("'>', 1")).contains(begin + "'>' contains a wildcard.");
        assertThat(refusal("'a*', 1")).contains(begin + "'a*' contains a wildcard.");
        assertThat(stream.payloads()).isEmpty();
    }

    @Test
    void refusesWhatAreNoTokens(NatsServer server, TestStream stream) {
        table("s STRING, v INT", server, stream, "{s...}");
        for (String tokens : new String[] {".", "a..b", ".a", "a."}) {
            assertThat(refusal("'" + tokens + "', 1"))
                    .contains(
                            "Column 's' cannot be part of a subject: its value '"
                                    + tokens
                                    + "' has an empty token: dots stand between tokens, one at a"
                                    + " time.");
        }
        assertThat(stream.payloads()).isEmpty();
    }

    @Test
    void refusesHeadersWithoutNameOrValue(NatsServer server, TestStream stream) {
        table("h MAP<STRING, ARRAY<STRING>> METADATA FROM 'headers', v INT", server, stream, "a");
        assertThat(refusal("MAP[CAST(NULL AS STRING), ARRAY['x']], 1"))
                .contains("A header has NULL for a name.");
        assertThat(refusal("MAP['h', ARRAY[CAST(NULL AS STRING)]], 1"))
                .contains("A value of the header 'h' is NULL.");
        assertThat(stream.payloads()).isEmpty();
    }

    @Test
    void refusesWhatTheFormatMakesNothingOf(NatsServer server, TestStream stream) {
        table("m MAP<STRING, INT>", server, stream, "a");
        assertThat(refusal("MAP[CAST(NULL AS STRING), 1]"))
                .contains("does not fit: The format cannot encode it: ");
        sql.execute("DROP TABLE t");
        sql.table(
                "t",
                "k STRING, v STRING, PRIMARY KEY (k) NOT ENFORCED",
                "'nats.server-url' = '" + server.url() + "'",
                "'nats.subject' = '" + stream.subject("{k}") + "'",
                "'value.fields-include' = 'except-subject'",
                "'format' = 'raw'");
        assertThat(refusal("'key', ''"))
                .contains(
                        "the row with k = key does not fit: The format makes an empty payload of"
                                + " it, which would mean a deletion.");
        assertThat(stream.payloads()).isEmpty();
    }

    /** Nothing of a row becomes a line of the protocol of its own. */
    @Test
    void refusesWhatWouldBeAnotherLine(NatsServer server, TestStream stream, TestStream evil) {
        String pub = "\\000D\\000APUB " + evil.subject("x") + " 0\\000D\\000A\\000D\\000A";
        sql.table(
                "t",
                "s STRING METADATA FROM 'subject', h MAP<STRING, ARRAY<STRING>> METADATA FROM"
                        + " 'headers', id STRING METADATA FROM 'msg-id', v INT",
                SqlFixture.from(server, stream));
        String subject = "'" + stream.subject("a") + "'";
        String none = "CAST(NULL AS MAP<STRING, ARRAY<STRING>>)";
        String noId = "CAST(NULL AS STRING)";
        assertThat(refusal("U&'" + stream.subject("a") + pub + "', " + none + ", " + noId + ", 1"))
                .contains(
                        "Cannot write a record, because the subject '"
                                + stream.subject("a")
                                + "U+000DU+000APUB "
                                + evil.subject("x")
                                + " 0U+000DU+000AU+000DU+000A' contains white space or an"
                                + " unprintable character.");
        assertThat(refusal(subject + ", MAP[U&'k" + pub + "', ARRAY['v']], " + noId + ", 1"))
                .contains(
                        "The header name 'k\\u000d\\u000aPUB "
                                + evil.subject("x")
                                + " 0\\u000d\\u000a\\u000d\\u000a' is empty, or has characters other"
                                + " than letters, digits and signs of ASCII without blanks and"
                                + " colons.");
        for (String name : new String[] {"", "a b", "a:b", "gr\u00f6\u00dfe"}) {
            assertThat(refusal(subject + ", MAP['" + name + "', ARRAY['v']], " + noId + ", 1"))
                    .contains("The header name '" + name + "' is empty, or has characters other");
        }
        assertThat(refusal(subject + ", MAP['k', ARRAY['v', U&'" + pub + "']], " + noId + ", 1"))
                .contains(
                        "A value of the header 'k' has a line break, or a character that is not"
                                + " ASCII.");
        assertThat(refusal(subject + ", " + none + ", U&'" + pub + "', 1"))
                .contains("A value of the header 'Nats-Msg-Id' has a line break");
        assertThat(stream.payloads()).isEmpty();
        assertThat(evil.payloads()).isEmpty();
    }

    /** Or a checkpoint would hold what can never be sent. */
    @Test
    void refusesBeforeACheckpointWhatCannotBeSentExactlyOnce(NatsServer server, TestStream stream) {
        sql.set("execution.checkpointing.interval", "100 ms");
        sql.table(
                "t",
                "h MAP<STRING, ARRAY<STRING>> METADATA FROM 'headers', v INT",
                SqlFixture.from(server.url(), stream.subject("a")),
                "'sink.delivery-guarantee' = 'exactly-once'",
                "'sink.id' = 'hostile'");
        assertThat(refusal("MAP['k', ARRAY[U&'\\000A']], 1"))
                .contains(
                        "Cannot write a record, because a value of the header 'k' has a line break");
        assertThat(stream.payloads()).isEmpty();
    }

    @Test
    void refusesWhatIsTooLong(NatsServer server, TestStream stream) {
        table("s STRING, v INT", server, stream, "{s}");
        assertThat(refusal("REPEAT('x', 1048576), 1"))
                .contains(
                        "' has "
                                + (1_048_577 + stream.prefix().length())
                                + " bytes; 3800 are the most that fit into a line of")
                .doesNotContain("x".repeat(1_000));
        sql.insert(
                "INSERT INTO t VALUES (REPEAT('x', "
                        + (3_800 - stream.prefix().length() - 1)
                        + "), 1)");
        assertThat(stream.payloads()).hasSize(1);

        sql.execute("DROP TABLE t");
        table("h MAP<STRING, ARRAY<STRING>> METADATA FROM 'headers', v INT", server, stream, "a");
        assertThat(refusal("MAP['k', ARRAY[REPEAT('x', 66000)]], 1"))
                .contains("A server takes at most 64 KiB of headers with a message.");
        assertThat(stream.payloads()).hasSize(1);
    }
}

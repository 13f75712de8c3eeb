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
}

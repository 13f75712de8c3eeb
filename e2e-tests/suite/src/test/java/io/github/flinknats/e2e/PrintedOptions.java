// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What each version of Flink prints of a table's options, as the guide has it. No server is needed.
 */
final class PrintedOptions {
    private static final String SECRET = "as-secret-as-it-gets";

    private final SqlSession sql;

    PrintedOptions(SqlSession sql) {
        this.sql = sql;
    }

    private void table(String name, String options) throws Exception {
        sql.execute(
                "CREATE TABLE "
                        + name
                        + " (id INT) WITH ('connector' = 'nats', 'format' = 'json',"
                        + " 'nats.server-url' = 'h', 'nats.user' = 'u', 'nats.password' = '"
                        + SECRET
                        + "', "
                        + options
                        + ")");
    }

    void misspeltOptionsAreAnsweredWithTheRightOnes() throws Exception {
        table("misspelt", "'nats.subjct' = 'a'");
        table("of_kafka", "'nats.subject' = 'a', 'scan.startup.mode' = 'earliest-offset'");

        assertThatThrownBy(() -> sql.execute("EXPLAIN SELECT * FROM misspelt"))
                .hasMessageContaining("Unknown option 'nats.subjct': did you mean 'nats.subject'?")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
        assertThatThrownBy(() -> sql.execute("EXPLAIN INSERT INTO of_kafka SELECT 1"))
                .hasMessageContaining(
                        "Invalid value 'earliest-offset' for option 'scan.startup.mode': did you"
                                + " mean 'earliest'?")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
    }

    void secretsArePrintedWhereTheGuideSaysSo() throws Exception {
        table("printed", "'nats.subject' = 'a'");

        assertThat(sql.execute("SHOW CREATE TABLE printed")).contains(SECRET);
        assertThat(sql.execute("EXPLAIN JSON_EXECUTION_PLAN INSERT INTO printed SELECT 1"))
                .doesNotContain(SECRET);
        assertThat(
                        sql.execute(
                                "EXPLAIN SELECT * FROM printed /*+ OPTIONS('nats.password' = '"
                                        + SECRET
                                        + "') */"))
                .contains(SECRET);
    }
}

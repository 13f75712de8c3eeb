// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.table.config.NatsOptions;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of options, values and metadata keys that do not exist. */
class SpellcheckTest {
    private static final String TABLE =
            "'connector' = 'nats', 'nats.server-url' = 'h', 'nats.subject' = 'a', 'format' = 'json'";

    private final TableEnvironment env =
            TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    private void create(String columns, String options) {
        env.executeSql("CREATE TABLE t (" + columns + ") WITH (" + options + ")");
    }

    /** The connector's own sentence, which stands above what Flink says. */
    private String refusal(String statement) {
        try {
            env.explainSql(statement);
        } catch (ValidationException e) {
            assertThat(e.getCause()).isInstanceOf(ValidationException.class);
            return e.getCause().getMessage();
        }
        throw new AssertionError("The table was accepted.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nats.subjct | did you mean 'nats.subject'?",
                "nats.conection_name | did you mean 'nats.connection-name'?",
                "scan.start.mode | did you mean 'scan.startup.mode'?",
                "startup.mode | did you mean 'scan.startup.mode'?",
                "nats.credentials | did you mean 'nats.credentials-file' or"
                        + " 'nats.credentials-secret'?",
                "nats.tls.cert | did you mean 'nats.tls.cert-file'?",
                "nats.property.maxControlLine | did you mean 'nats.properties.maxControlLine'?",
                "fromat | did you mean 'format'?",
                "scan.watermark.idle-timout | did you mean 'scan.watermark.idle-timeout'?",
                "jsn.ignore-parse-errors | did you mean 'json.ignore-parse-errors'?",
                "json.ignore-parse-error | did you mean 'json.ignore-parse-errors'?",
                "value.json.ignore-parse-errors | did you mean 'json.ignore-parse-errors'?",
                "csv.ignore-parse-errors | did you mean 'json.ignore-parse-errors'?",
                "csv.field-delimiter | it belongs to the format 'csv', and the table has 'format' ="
                        + " 'json'.",
                "completely.different | none has a similar name.",
                "server_url | did you mean 'nats.server-url' or 'nats.server_url'?",
                "servers | here it is 'nats.server-url'.",
                "nats.username | here it is 'nats.user'.",
                "password | did you mean 'nats.password'?",
                "stream | did you mean 'nats.stream'?",
                "jwt | here it is 'nats.jwt-token'.",
                "connect_mode | how to log in follows from which of 'nats.user', 'nats.token',"
                        + " 'nats.nkey-secret', 'nats.credentials-file' and so on is set.",
                "consumer.durable_name | here it is 'scan.durable-consumer'.",
                "consumer.ack_policy | it has no counterpart: the connector makes its consumers"
                        + " itself.",
                "scan.startup.timestamp.millis | did you mean 'scan.startup.timestamp-millis'?",
                "topic | here it is 'nats.subject'.",
                "properties.bootstrap.servers | here it is 'nats.server-url'.",
                "properties.group.id | here it is 'scan.durable-consumer'.",
                "properties.maxControlLine | properties of the NATS client are set as"
                        + " 'nats.properties.maxControlLine'.",
                "io.nats.client.maxControlLine | properties of the NATS client are set as"
                        + " 'nats.properties.maxControlLine'.",
                "scan.startup.specific-offsets | here it is 'scan.startup.sequence'.",
                "value.format | here it is 'format'.",
                "key.format | there is no format of keys: what Kafka has in keys stands in the"
                        + " subject, as in 'nats.subject' = 'orders.{id}'.",
                "sink.transactional-id-prefix | here it is 'sink.id'."
            })
    void saysWhichOptionWasMeant(String option, String meant) {
        create("id INT", TABLE + ", '" + option + "' = 'x'");

        String expected = "Unknown option '" + option + "': " + meant;
        assertThat(refusal("SELECT * FROM t")).isEqualTo(expected);
        assertThat(refusal("INSERT INTO t VALUES (1)")).isEqualTo(expected);
    }

    /** Its absence is not what is wrong. */
    @ParameterizedTest
    @CsvSource({
        "nats.server-url, nats.server-ulr",
        "nats.server-url, nats_server_url",
        "format, frmat"
    })
    void looksForRequiredOptionsUnderOtherNames(String option, String written) {
        create("id INT", TABLE.replace("'" + option + "'", "'" + written + "'"));

        assertThat(refusal("SELECT * FROM t"))
                .startsWith("Unknown option '" + written + "': did you mean '" + option + "'");
    }

    @Test
    void namesAllThatAreUnknown() {
        create("id INT", TABLE + ", 'nats.steam' = 's', 'sink.idd' = 'i'");

        assertThat(refusal("SELECT * FROM t").split("(?<=[?]) "))
                .containsExactlyInAnyOrder(
                        "Unknown option 'nats.steam': did you mean 'nats.stream'?",
                        "Unknown option 'sink.idd': did you mean 'sink.id'?");
    }

    /** What is written to an option that does not exist may be a secret. */
    @Test
    void saysNothingOfTheValues() {
        create("id INT", TABLE + ", 'nats.pasword' = 'geheim'");

        assertThat(refusal("SELECT * FROM t"))
                .isEqualTo("Unknown option 'nats.pasword': did you mean 'nats.password'?");
    }

    @Test
    void looksAtHints() {
        create("id INT", TABLE);

        assertThat(refusal("SELECT * FROM t /*+ OPTIONS('scan.startup.mod' = 'latest') */"))
                .isEqualTo("Unknown option 'scan.startup.mod': did you mean 'scan.startup.mode'?");
    }

    @Test
    void looksAtCopies() {
        create("id INT", TABLE);
        env.executeSql("CREATE TABLE copy WITH ('nats.subjct' = 'b') LIKE t");

        assertThat(refusal("SELECT * FROM copy"))
                .isEqualTo("Unknown option 'nats.subjct': did you mean 'nats.subject'?");
    }

    /** Those of the format, of Flink and of the client. */
    @Test
    void leavesTheOptionsOfOthersAlone() {
        create(
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, WATERMARK FOR ts AS"
                        + " ts",
                TABLE
                        + ", 'json.ignore-parse-errors' = 'true', 'property-version' = '1',"
                        + " 'scan.watermark.idle-timeout' = '1 s',"
                        + " 'scan.watermark.emit.strategy' = 'on-event',"
                        + " 'scan.watermark.alignment.group' = 'g',"
                        + " 'scan.watermark.alignment.max-drift' = '1 s',"
                        + " 'nats.properties.max.control.line' = '4096'");

        assertThat(env.explainSql("SELECT * FROM t")).contains("TableSourceScan");
        assertThat(env.explainSql("INSERT INTO t VALUES (1)")).contains("Sink(");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "scan.startup.mode | earlest | did you mean 'earliest'? Possible values are"
                        + " [earliest, latest, timestamp, sequence, last-per-subject, consumer].",
                "scan.startup.mode | earliest-offset | did you mean 'earliest'? Possible values are"
                        + " [earliest, latest, timestamp, sequence, last-per-subject, consumer].",
                "scan.startup.mode | group-offsets | did you mean 'consumer'? Possible values are"
                        + " [earliest, latest, timestamp, sequence, last-per-subject, consumer].",
                "scan.startup.mode | last_per_subject | did you mean 'last-per-subject'? Possible"
                        + " values are [earliest, latest, timestamp, sequence, last-per-subject,"
                        + " consumer].",
                "scan.bounded.mode | bounded | did you mean 'unbounded'? Possible values are"
                        + " [unbounded, latest, timestamp, sequence].",
                "scan.on-data-loss | stop | Possible values are [fail, continue].",
                "scan.on-error | ignore | did you mean 'skip'? Possible values are [fail, skip,"
                        + " dead-letter].",
                "sink.delivery-guarantee | exactly_once | did you mean 'exactly-once'? Possible"
                        + " values are [exactly-once, at-least-once, none].",
                "value.fields-include | EXCEPT_KEY | did you mean 'except-subject'? Possible values"
                        + " are [all, except-subject].",
                "scan.startup.sequence | first | For input string: ~first~",
                "nats.tls.first | yes | Unrecognized option for boolean: yes. Expected either true"
                        + " or false(case insensitive)",
                "sink.max-in-flight | many | For input string: ~many~"
            })
    void saysWhichValueWasMeant(String option, String value, String meant) {
        create("id INT", TABLE + ", '" + option + "' = '" + value + "'");

        assertThat(refusal("SELECT * FROM t"))
                .isEqualTo(
                        "Invalid value '"
                                + value
                                + "' for option '"
                                + option
                                + "': "
                                + meant.replace('~', '"'));
    }

    @Test
    void explainsADurationThatIsNone() {
        create("id INT", TABLE + ", 'nats.connect-timeout' = '4 sek'");

        assertThat(refusal("SELECT * FROM t"))
                .startsWith(
                        "Invalid value '4 sek' for option 'nats.connect-timeout': Time interval unit"
                                + " label 'sek' does not match any of the recognized units");
    }

    @ParameterizedTest
    @CsvSource({"timestmp, timestamp", "offset, sequence", "message_id, msg-id"})
    void saysWhichMetadataWasMeantToBeRead(String key, String meant) {
        create("id INT, x STRING METADATA FROM '" + key + "'", TABLE);

        assertThat(refusal("SELECT * FROM t"))
                .isEqualTo(
                        "Invalid metadata key '"
                                + key
                                + "' of column 'x': did you mean '"
                                + meant
                                + "'? Keys that can be read are [subject, stream, sequence,"
                                + " timestamp, headers, msg-id, operation].");
    }

    @Test
    void saysWhichMetadataWasMeantToBeWritten() {
        create("id INT, x STRING METADATA FROM 'subjekt'", TABLE);

        assertThat(refusal("INSERT INTO t VALUES (1, 'a')"))
                .isEqualTo(
                        "Invalid metadata key 'subjekt' of column 'x': did you mean 'subject'? Keys"
                                + " that can be written are [subject, headers, msg-id, ttl].");
    }

    @Test
    void saysWhatCanOnlyBeReadOrWritten() {
        create("id INT, sequence BIGINT METADATA, ttl BIGINT METADATA", TABLE);

        assertThat(refusal("SELECT * FROM t"))
                .isEqualTo(
                        "Invalid metadata key 'ttl' of column 'ttl': it cannot be read. Declare a"
                                + " table without the column to read.");
        assertThat(refusal("INSERT INTO t SELECT 1, 1, CAST(NULL AS BIGINT)"))
                .isEqualTo(
                        "Invalid metadata key 'sequence' of column 'sequence': it cannot be written."
                                + " Declare the column VIRTUAL.");
    }

    @Test
    void readsTheMetadataOfTheFormat() {
        create(
                "id INT, x TIMESTAMP_LTZ(3) METADATA FROM 'value.ingestion-timestamp' VIRTUAL",
                TABLE.replace("'json'", "'debezium-json'"));

        assertThat(env.explainSql("SELECT * FROM t")).contains("TableSourceScan");
    }

    @Test
    void keepsWhatFlinkSays() {
        create("id INT", TABLE + ", 'nats.subjct' = 'b'");

        try {
            env.explainSql("SELECT * FROM t");
            throw new AssertionError("The table was accepted.");
        } catch (ValidationException e) {
            assertThat(ExceptionUtils.stringifyException(e))
                    .contains("Unsupported options found for 'nats'")
                    .contains("Supported options:");
        }
    }

    /** Whoever adds such an option adds its words to the list. */
    @Test
    void knowsTheWordsOfEveryOptionThatHasSome() throws ReflectiveOperationException {
        Method type = ConfigOption.class.getDeclaredMethod("getClazz");
        type.setAccessible(true);
        Set<ConfigOption<?>> options = new LinkedHashSet<>(NatsOptions.optional());
        for (ConfigOption<?> option : options) {
            if (((Class<?>) type.invoke(option)).isEnum()) {
                env.executeSql("DROP TABLE IF EXISTS t");
                create("id INT", TABLE + ", '" + option.key() + "' = 'no such word'");
                assertThat(refusal("SELECT * FROM t"))
                        .startsWith(
                                "Invalid value 'no such word' for option '"
                                        + option.key()
                                        + "': Possible values are [");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.github.flinknats.source.config.BadRecordPolicy;
import io.github.flinknats.source.config.DataLossPolicy;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.table.factories.FactoryUtil;

/** The options of a table with {@code 'connector' = 'nats'}. */
@PublicEvolving
public final class NatsOptions {

    // Connection

    public static final ConfigOption<String> SERVER_URL =
            key("nats.server-url")
                    .stringType()
                    .noDefaultValue()
                    .withFallbackKeys("nats.server_url")
                    .withDescription(
                            "The servers of one NATS system, separated by commas: host:port, or"
                                    + " URLs with the scheme nats, tls, ws or wss. Flink prints this"
                                    + " option, so a password belongs into 'nats.password' and not"
                                    + " into a URL.");

    public static final ConfigOption<String> DOMAIN =
            key("nats.domain")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The JetStream domain that holds the stream, when it is another one"
                                    + " than that of the server, as behind a leaf node.");

    public static final ConfigOption<String> API_PREFIX =
            key("nats.api-prefix")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The prefix of JetStream's API subjects, when the API of another"
                                    + " account is imported under another prefix than '$JS.API'.");

    public static final ConfigOption<String> INBOX_PREFIX =
            key("nats.inbox-prefix")
                    .stringType()
                    .defaultValue("_INBOX")
                    .withDescription(
                            "The prefix of the subjects on which replies arrive, for users who may"
                                    + " not subscribe to '_INBOX.>'.");

    public static final ConfigOption<String> CONNECTION_NAME =
            key("nats.connection-name")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The name of the connections in the server's connection list; by"
                                    + " default the name of the table.");

    public static final ConfigOption<Duration> CONNECT_TIMEOUT =
            key("nats.connect-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(4))
                    .withDescription(
                            "How long one attempt to connect to one server may take, login"
                                    + " included.");

    public static final ConfigOption<Duration> REQUEST_TIMEOUT =
            key("nats.request-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription("How long one call of the JetStream API may take.");

    public static final ConfigOption<Duration> OUTAGE_TIMEOUT =
            key("nats.outage-timeout")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(1))
                    .withDescription(
                            "How long the job goes on trying without the server before it fails"
                                    + " and Flink's restart strategy decides.");

    public static final ConfigOption<Map<String, String>> PROPERTIES =
            key("nats.properties")
                    .mapType()
                    .noDefaultValue()
                    .withDescription(
                            "Properties of the NATS client: 'nats.properties.<key>' is passed to"
                                    + " it as io.nats.client.<key>. Keys that are unknown, repeat"
                                    + " another option or load classes are refused.");

    // What to read

    public static final ConfigOption<String> SUBJECT =
            key("nats.subject")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Subjects to read, separated by commas; '*' stands for one token and"
                                    + " '>' at the end for one or more. May be left out when"
                                    + " 'nats.stream' is set: then all its subjects are read. Or one"
                                    + " subject with columns in it: '{column}' stands for one token,"
                                    + " '{column...}' at the end for all that remain.");

    public static final ConfigOption<String> STREAM =
            key("nats.stream")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The JetStream stream to read, or several, separated by commas; there"
                                    + " is no order between them. By default the stream that carries"
                                    + " the subjects; needed when several do.");

    public static final ConfigOption<StartupMode> SCAN_STARTUP_MODE =
            key("scan.startup.mode")
                    .enumType(StartupMode.class)
                    .defaultValue(StartupMode.EARLIEST)
                    .withDescription(
                            "Where reading starts when there is no checkpoint or savepoint to start"
                                    + " from.");

    public static final ConfigOption<String> SCAN_STARTUP_TIMESTAMP =
            key("scan.startup.timestamp")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Start of the mode 'timestamp': the first message stored at or after it"
                                    + " is the first one read. ISO-8601, such as"
                                    + " '2026-01-31T09:30:00Z', where a time without zone is in"
                                    + " 'table.local-time-zone'; or milliseconds since the epoch.");

    public static final ConfigOption<Long> SCAN_STARTUP_TIMESTAMP_MILLIS =
            key("scan.startup.timestamp-millis")
                    .longType()
                    .noDefaultValue()
                    .withDescription(
                            "'scan.startup.timestamp' in milliseconds since the epoch; only one of"
                                    + " the two may be set.");

    public static final ConfigOption<Long> SCAN_STARTUP_SEQUENCE =
            key("scan.startup.sequence")
                    .longType()
                    .noDefaultValue()
                    .withDescription(
                            "Start of the mode 'sequence': the first stream sequence to read.");

    public static final ConfigOption<BoundedMode> SCAN_BOUNDED_MODE =
            key("scan.bounded.mode")
                    .enumType(BoundedMode.class)
                    .defaultValue(BoundedMode.UNBOUNDED)
                    .withDescription("Where reading ends.");

    public static final ConfigOption<String> SCAN_BOUNDED_TIMESTAMP =
            key("scan.bounded.timestamp")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "End of the mode 'timestamp', written as in 'scan.startup.timestamp':"
                                    + " messages stored at or after it are not read, so that the end"
                                    + " of one table can be the start of the next.");

    public static final ConfigOption<Long> SCAN_BOUNDED_SEQUENCE =
            key("scan.bounded.sequence")
                    .longType()
                    .noDefaultValue()
                    .withDescription(
                            "End of the mode 'sequence': the last stream sequence to read.");

    // How to read

    public static final ConfigOption<Integer> SCAN_PARALLELISM = FactoryUtil.SOURCE_PARALLELISM;

    public static final ConfigOption<Ordering> SCAN_ORDERING =
            key("scan.ordering")
                    .enumType(Ordering.class)
                    .noDefaultValue()
                    .withDescription(
                            "The scope within which rows arrive in stream order; by default"
                                    + " 'stream' with a PRIMARY KEY and 'filter' without.");

    public static final ConfigOption<String> SCAN_DURABLE_CONSUMER =
            key("scan.durable-consumer")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Name of a durable consumer to read through by acknowledging, which is"
                                    + " the only way to read work-queue and interest streams. It"
                                    + " must be a pull consumer with explicit acknowledgements"
                                    + " whose filters 'nats.subject' covers, and belongs to this"
                                    + " job alone. Messages are acknowledged when a checkpoint that"
                                    + " holds them has completed.");

    public static final ConfigOption<Boolean> SCAN_DURABLE_CONSUMER_CREATE =
            key("scan.durable-consumer.create")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether to create 'scan.durable-consumer', for the subjects of the"
                                    + " table, when it does not exist.");

    public static final ConfigOption<Integer> SCAN_FETCH_MAX_MESSAGES =
            key("scan.fetch.max-messages")
                    .intType()
                    .defaultValue(ReadSettings.DEFAULT_MAX_MESSAGES)
                    .withDescription(
                            "How many messages of one split may be under way from the server.");

    public static final ConfigOption<MemorySize> SCAN_FETCH_MAX_BYTES =
            key("scan.fetch.max-bytes")
                    .memoryType()
                    .defaultValue(new MemorySize(ReadSettings.DEFAULT_MAX_BYTES))
                    .withDescription(
                            "How many bytes of one split may be under way from the server; what a"
                                    + " blocked job holds in memory is up to one and a half times as"
                                    + " much.");

    public static final ConfigOption<DataLossPolicy> SCAN_ON_DATA_LOSS =
            key("scan.on-data-loss")
                    .enumType(DataLossPolicy.class)
                    .defaultValue(DataLossPolicy.FAIL)
                    .withDescription(
                            "What to do when messages are gone before they were read, or the stream"
                                    + " is not the one that was read.");

    public static final ConfigOption<Double> SCAN_RATE_LIMIT =
            key("scan.rate-limit")
                    .doubleType()
                    .noDefaultValue()
                    .withDescription(
                            "How many messages per second the whole table reads at most, shared"
                                    + " evenly by the source's subtasks that can have a split.");

    public static final ConfigOption<BadRecordPolicy.Action> SCAN_ON_ERROR =
            key("scan.on-error")
                    .enumType(BadRecordPolicy.Action.class)
                    .defaultValue(BadRecordPolicy.Action.FAIL)
                    .withDescription(
                            "What becomes of a message that cannot be decoded: one that the format"
                                    + " refuses, that is empty or 'null', or that has no value for"
                                    + " a column declared NOT NULL.");

    public static final ConfigOption<String> SCAN_DEAD_LETTER_SUBJECT =
            key("scan.dead-letter.subject")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Where messages that cannot be decoded go with 'scan.on-error' ="
                                    + " 'dead-letter': a subject of a stream, which the table itself"
                                    + " does not read. They keep payload and headers and get the"
                                    + " headers Flink-Error, Flink-Stream, Flink-Sequence,"
                                    + " Flink-Subject and Flink-Timestamp.");

    // For those of logging in see NatsLoginOptions, for those of writing NatsSinkOptions.

    private static final List<ConfigOption<?>> REQUIRED =
            Collections.unmodifiableList(Arrays.asList(SERVER_URL, FactoryUtil.FORMAT));

    private static final List<ConfigOption<?>> OPTIONAL =
            Collections.unmodifiableList(
                    Arrays.asList(
                            SUBJECT,
                            STREAM,
                            DOMAIN,
                            API_PREFIX,
                            INBOX_PREFIX,
                            CONNECTION_NAME,
                            CONNECT_TIMEOUT,
                            REQUEST_TIMEOUT,
                            OUTAGE_TIMEOUT,
                            PROPERTIES,
                            SCAN_STARTUP_MODE,
                            SCAN_STARTUP_TIMESTAMP,
                            SCAN_STARTUP_TIMESTAMP_MILLIS,
                            SCAN_STARTUP_SEQUENCE,
                            SCAN_BOUNDED_MODE,
                            SCAN_BOUNDED_TIMESTAMP,
                            SCAN_BOUNDED_SEQUENCE,
                            SCAN_PARALLELISM,
                            SCAN_ORDERING,
                            SCAN_DURABLE_CONSUMER,
                            SCAN_DURABLE_CONSUMER_CREATE,
                            SCAN_FETCH_MAX_MESSAGES,
                            SCAN_FETCH_MAX_BYTES,
                            SCAN_ON_DATA_LOSS,
                            SCAN_RATE_LIMIT,
                            SCAN_ON_ERROR,
                            SCAN_DEAD_LETTER_SUBJECT));

    private NatsOptions() {}

    /** Options that every table sets. */
    public static Set<ConfigOption<?>> required() {
        return new LinkedHashSet<>(REQUIRED);
    }

    /** All other options. */
    public static Set<ConfigOption<?>> optional() {
        Set<ConfigOption<?>> options = new LinkedHashSet<>(NatsLoginOptions.all());
        options.addAll(OPTIONAL);
        options.addAll(NatsSinkOptions.all());
        return options;
    }

    /**
     * Options that may change between compiling a plan and running it: all but the format, on which
     * the compiled plan is built.
     */
    public static Set<ConfigOption<?>> forwarded() {
        Set<ConfigOption<?>> options = required();
        options.addAll(optional());
        options.remove(FactoryUtil.FORMAT);
        return options;
    }
}

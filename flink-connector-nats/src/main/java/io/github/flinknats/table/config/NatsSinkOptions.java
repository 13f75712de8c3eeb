// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.github.flinknats.sink.config.WriteSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.table.factories.FactoryUtil;

/** The options for writing to a table with {@code 'connector' = 'nats'}. */
@PublicEvolving
public final class NatsSinkOptions {

    public static final ConfigOption<String> SINK_SUBJECT =
            key("sink.subject")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The subject to write to: a literal, or a template such as"
                                    + " 'orders.{region}.{id}' in which columns stand for tokens. By"
                                    + " default 'nats.subject', when that is one subject without"
                                    + " wildcards; a row with a value in the metadata column"
                                    + " 'subject' goes there instead.");

    public static final ConfigOption<DeliveryGuarantee> SINK_DELIVERY_GUARANTEE =
            key("sink.delivery-guarantee")
                    .enumType(DeliveryGuarantee.class)
                    .defaultValue(DeliveryGuarantee.AT_LEAST_ONCE)
                    .withDescription(
                            "What a failure may do to the rows that are written: 'none' may lose"
                                    + " and repeat them, 'at-least-once' may repeat them,"
                                    + " 'exactly-once' stores each of them once, when its"
                                    + " checkpoint is complete.");

    public static final ConfigOption<String> SINK_ID =
            key("sink.id")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Required for 'exactly-once': names this writer across restarts. At most"
                                    + " 32 letters, digits, '-' and '_'. Two jobs that run at the"
                                    + " same time must not have the same.");

    public static final ConfigOption<Integer> SINK_MAX_IN_FLIGHT =
            key("sink.max-in-flight")
                    .intType()
                    .defaultValue(WriteSettings.DEFAULT_MAX_IN_FLIGHT)
                    .withDescription(
                            "How many messages of one writer may wait for the answer that they are"
                                    + " stored.");

    public static final ConfigOption<Integer> SINK_BUFFER_FLUSH_MAX_ROWS =
            key("sink.buffer-flush.max-rows")
                    .intType()
                    .noDefaultValue()
                    .withDescription(
                            "For tables with a PRIMARY KEY: keep the last row of each key back until"
                                    + " there are so many of them, so that changes that follow one"
                                    + " another quickly are written once. Checkpoints write them,"
                                    + " too.");

    public static final ConfigOption<Duration> SINK_BUFFER_FLUSH_INTERVAL =
            key("sink.buffer-flush.interval")
                    .durationType()
                    .noDefaultValue()
                    .withDescription(
                            "For tables with a PRIMARY KEY: keep the last row of each key back for"
                                    + " so long. May be combined with"
                                    + " 'sink.buffer-flush.max-rows': what comes first writes.");

    public static final ConfigOption<FieldsInclude> VALUE_FIELDS_INCLUDE =
            key("value.fields-include")
                    .enumType(FieldsInclude.class)
                    .defaultValue(FieldsInclude.ALL)
                    .withDescription("Which columns are written into the payload.");

    public static final ConfigOption<Integer> SINK_PARALLELISM = FactoryUtil.SINK_PARALLELISM;

    private static final List<ConfigOption<?>> ALL =
            Collections.unmodifiableList(
                    Arrays.asList(
                            SINK_SUBJECT,
                            SINK_DELIVERY_GUARANTEE,
                            SINK_ID,
                            SINK_MAX_IN_FLIGHT,
                            SINK_BUFFER_FLUSH_MAX_ROWS,
                            SINK_BUFFER_FLUSH_INTERVAL,
                            VALUE_FIELDS_INCLUDE,
                            SINK_PARALLELISM));

    private NatsSinkOptions() {}

    static List<ConfigOption<?>> all() {
        return ALL;
    }
}

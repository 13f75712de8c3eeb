// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import io.github.flinknats.source.config.BadRecordPolicy;
import io.github.flinknats.source.config.DataLossPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/** Which options need or exclude one another, as data. What a single value must be is not here. */
@Internal
public final class TableRules {

    private static final List<Rule> RULES =
            Collections.unmodifiableList(
                    Arrays.asList(
                            exclusive(
                                    NatsLoginOptions.USER,
                                    NatsLoginOptions.TOKEN,
                                    NatsLoginOptions.NKEY_SECRET,
                                    NatsLoginOptions.CREDENTIALS_SECRET,
                                    NatsLoginOptions.CREDENTIALS_FILE),
                            exclusive(
                                    NatsLoginOptions.JWT_TOKEN,
                                    NatsLoginOptions.CREDENTIALS_SECRET,
                                    NatsLoginOptions.CREDENTIALS_FILE),
                            both(NatsLoginOptions.USER, NatsLoginOptions.PASSWORD),
                            both(NatsLoginOptions.PASSWORD, NatsLoginOptions.USER),
                            both(NatsLoginOptions.JWT_TOKEN, NatsLoginOptions.NKEY_SECRET),
                            both(NatsLoginOptions.TLS_CERT_FILE, NatsLoginOptions.TLS_KEY_FILE),
                            both(NatsLoginOptions.TLS_KEY_FILE, NatsLoginOptions.TLS_CERT_FILE),
                            exclusive(
                                    NatsLoginOptions.TLS_CA_FILE, NatsLoginOptions.TLS_TRUSTSTORE),
                            exclusive(
                                    NatsLoginOptions.TLS_CERT_FILE, NatsLoginOptions.TLS_KEYSTORE),
                            both(
                                    NatsLoginOptions.TLS_TRUSTSTORE_PASSWORD,
                                    NatsLoginOptions.TLS_TRUSTSTORE),
                            both(
                                    NatsLoginOptions.TLS_KEYSTORE_PASSWORD,
                                    NatsLoginOptions.TLS_KEYSTORE,
                                    NatsLoginOptions.TLS_KEY_FILE),
                            atLeastOne(
                                    "say what to read, such as 'nats.subject' = 'orders.*'",
                                    NatsOptions.SUBJECT,
                                    NatsOptions.STREAM),
                            exclusive(NatsOptions.DOMAIN, NatsOptions.API_PREFIX),
                            exclusive(
                                    NatsOptions.SCAN_STARTUP_TIMESTAMP,
                                    NatsOptions.SCAN_STARTUP_TIMESTAMP_MILLIS,
                                    NatsOptions.SCAN_STARTUP_SEQUENCE),
                            exclusive(
                                    NatsOptions.SCAN_BOUNDED_TIMESTAMP,
                                    NatsOptions.SCAN_BOUNDED_SEQUENCE),
                            both(
                                    NatsOptions.SCAN_DURABLE_CONSUMER_CREATE,
                                    NatsOptions.SCAN_DURABLE_CONSUMER),
                            durable(
                                    NatsOptions.SCAN_STARTUP_MODE,
                                    StartupMode.CONSUMER,
                                    "reading starts where the consumer stands"),
                            durable(
                                    NatsOptions.SCAN_BOUNDED_MODE,
                                    BoundedMode.UNBOUNDED,
                                    "a message may be delivered again at any time, so there is no"
                                            + " end"),
                            durable(
                                    NatsOptions.SCAN_ON_DATA_LOSS,
                                    DataLossPolicy.FAIL,
                                    "what a lost consumer had acknowledged is not known"),
                            durable(
                                    NatsOptions.SCAN_ORDERING,
                                    null,
                                    "rows arrive as the consumer delivers"),
                            position(
                                    NatsOptions.SCAN_STARTUP_MODE,
                                    StartupMode.TIMESTAMP,
                                    NatsOptions.SCAN_STARTUP_TIMESTAMP,
                                    NatsOptions.SCAN_STARTUP_TIMESTAMP_MILLIS),
                            position(
                                    NatsOptions.SCAN_STARTUP_MODE,
                                    StartupMode.SEQUENCE,
                                    NatsOptions.SCAN_STARTUP_SEQUENCE),
                            position(
                                    NatsOptions.SCAN_BOUNDED_MODE,
                                    BoundedMode.TIMESTAMP,
                                    NatsOptions.SCAN_BOUNDED_TIMESTAMP),
                            position(
                                    NatsOptions.SCAN_BOUNDED_MODE,
                                    BoundedMode.SEQUENCE,
                                    NatsOptions.SCAN_BOUNDED_SEQUENCE),
                            needs(
                                    "a subject",
                                    NatsOptions.SCAN_ON_ERROR,
                                    BadRecordPolicy.Action.DEAD_LETTER,
                                    NatsOptions.SCAN_DEAD_LETTER_SUBJECT)));

    private TableRules() {}

    /**
     * Checks the options against one another.
     *
     * @throws ValidationException naming the options of the first rule that is broken, and the way
     *     out
     */
    public static void check(ReadableConfig options) {
        for (Rule rule : RULES) {
            refuse(rule.broken(options));
        }
    }

    /**
     * Checks that no option is set in two spellings.
     *
     * @param keys the keys as the user wrote them
     */
    public static void checkSpelling(Set<String> keys) {
        Set<ConfigOption<?>> all = new LinkedHashSet<>(NatsOptions.required());
        all.addAll(NatsOptions.optional());
        for (ConfigOption<?> option : all) {
            List<String> used = new ArrayList<>();
            used.add(option.key());
            for (FallbackKey other : option.fallbackKeys()) {
                used.add(other.getKey());
            }
            used.retainAll(keys);
            if (used.size() > 1) {
                refuse(
                        String.format(
                                "%s are the same option in two spellings: set only one of them.",
                                list(used, " and ")));
            }
        }
    }

    private static void refuse(@Nullable String problem) {
        if (problem != null) {
            throw new ValidationException(problem);
        }
    }

    /** An option that has no effect without another one, or one of others. */
    private static Rule both(ConfigOption<?> option, ConfigOption<?>... needed) {
        return options ->
                isSet(options, option)
                                && Arrays.stream(needed).noneMatch(one -> isSet(options, one))
                        ? String.format(
                                "'%s' is set without %s: set both, or neither.",
                                option.key(),
                                list(
                                        Arrays.stream(needed)
                                                .map(ConfigOption::key)
                                                .collect(Collectors.toList()),
                                        " or "))
                        : null;
    }

    private static Rule atLeastOne(String fix, ConfigOption<?> one, ConfigOption<?> other) {
        return options ->
                isSet(options, one) || isSet(options, other)
                        ? null
                        : String.format(
                                "Neither '%s' nor '%s' is set: %s.", one.key(), other.key(), fix);
    }

    private static Rule exclusive(ConfigOption<?>... group) {
        return options -> {
            List<String> used = new ArrayList<>();
            for (ConfigOption<?> option : group) {
                if (isSet(options, option)) {
                    used.add(option.key());
                }
            }
            return used.size() < 2
                    ? null
                    : String.format(
                            "%s exclude one another: set only one of them.", list(used, " and "));
        };
    }

    /** What a durable consumer leaves of an option: one value, or none. */
    private static Rule durable(ConfigOption<?> option, @Nullable Enum<?> value, String reason) {
        return options -> {
            boolean through = isSet(options, NatsOptions.SCAN_DURABLE_CONSUMER);
            boolean set = isSet(options, option);
            boolean matches = set && Objects.equals(options.get(option), value);
            if (through && set && !matches) {
                return String.format(
                        "'%s' = '%s' does not go with '%s', because %s: remove it%s.",
                        option.key(),
                        options.get(option),
                        NatsOptions.SCAN_DURABLE_CONSUMER.key(),
                        reason,
                        value == null ? "" : ", or set it to '" + value + "'");
            }
            return !through && matches && value == StartupMode.CONSUMER
                    ? String.format(
                            "'%s' = '%s' needs a position: set '%s'.",
                            option.key(), value, NatsOptions.SCAN_DURABLE_CONSUMER.key())
                    : null;
        };
    }

    /** A mode needs one of its positions, and its positions need the mode. */
    private static Rule position(
            ConfigOption<?> modeOption, Enum<?> mode, ConfigOption<?>... positions) {
        return needs("a position", modeOption, mode, positions);
    }

    private static Rule needs(
            String what, ConfigOption<?> modeOption, Enum<?> mode, ConfigOption<?>... positions) {
        return options -> {
            boolean chosen = Objects.equals(options.get(modeOption), mode);
            boolean explicit = isSet(options, modeOption);
            for (ConfigOption<?> position : positions) {
                if (isSet(options, position)) {
                    return chosen ? null : unused(position, modeOption, mode, explicit, options);
                }
            }
            return chosen
                    ? String.format(
                            "'%s' = '%s' needs %s: set '%s'.",
                            modeOption.key(), mode, what, positions[0].key())
                    : null;
        };
    }

    private static String unused(
            ConfigOption<?> position,
            ConfigOption<?> modeOption,
            Enum<?> mode,
            boolean explicit,
            ReadableConfig options) {
        if (explicit) {
            return String.format(
                    "'%s' has no effect with '%s' = '%s': remove it, or set '%s' = '%s'.",
                    position.key(),
                    modeOption.key(),
                    options.get(modeOption),
                    modeOption.key(),
                    mode);
        }
        return String.format(
                "'%s' has no effect without its mode: set '%s' = '%s'.",
                position.key(), modeOption.key(), mode);
    }

    private static boolean isSet(ReadableConfig options, ConfigOption<?> option) {
        return options.getOptional(option).isPresent();
    }

    private static String list(List<String> keys, String separator) {
        StringBuilder text = new StringBuilder();
        for (String key : keys) {
            text.append(text.length() == 0 ? "" : separator).append('\'').append(key).append('\'');
        }
        return text.toString();
    }

    /** Says what is wrong, or null. */
    private interface Rule {
        @Nullable String broken(ReadableConfig options);
    }
}

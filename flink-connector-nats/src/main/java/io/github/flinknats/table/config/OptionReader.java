// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Credentials;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.source.config.BadRecordPolicy;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import io.github.flinknats.subject.SubjectSet;
import io.github.flinknats.subject.SubjectTemplate;
import io.github.flinknats.subject.Subjects;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.jspecify.annotations.Nullable;

/**
 * Turns a table's options into values. Expects options that {@link TableRules} has passed; a value
 * that is wrong by itself is refused here, by the name of its option.
 */
@Internal
public final class OptionReader {
    private final ReadableConfig options;
    private final ReadableConfig session;

    /**
     * A reader of one table.
     *
     * @param options the table's options
     * @param session the session's configuration, for the time zone
     */
    public OptionReader(ReadableConfig options, ReadableConfig session) {
        this.options = options;
        this.session = session;
    }

    /**
     * Everything about reading.
     *
     * @param tableName names the connection when no option does
     * @param key the columns of the table's PRIMARY KEY; none without one
     */
    public ScanSettings scan(String tableName, List<String> key) {
        ReadPlan plan = plan(key);
        return ScanSettings.of(connection(tableName), plan, readSettings(plan))
                .withParallelism(parallelism());
    }

    ConnectionSettings connection(String tableName) {
        ConnectionSettings settings = read(NatsOptions.SERVER_URL, ConnectionSettings::of);
        if (options.getOptional(NatsOptions.USER).isPresent()) {
            settings =
                    settings.withCredentials(
                            Credentials.userPassword(
                                    read(NatsOptions.USER, OptionReader::notBlank),
                                    options.get(NatsOptions.PASSWORD)));
        }
        settings =
                settings.withTimeouts(timeouts())
                        .withConnectionName(
                                options.getOptional(NatsOptions.CONNECTION_NAME).isPresent()
                                        ? read(NatsOptions.CONNECTION_NAME, OptionReader::notBlank)
                                        : tableName);
        settings = read(NatsOptions.INBOX_PREFIX, settings::withInboxPrefix);
        if (options.getOptional(NatsOptions.DOMAIN).isPresent()) {
            settings = read(NatsOptions.DOMAIN, settings::withDomain);
        }
        if (options.getOptional(NatsOptions.API_PREFIX).isPresent()) {
            settings = read(NatsOptions.API_PREFIX, settings::withApiPrefix);
        }
        return withProperties(settings);
    }

    private Timeouts timeouts() {
        Timeouts timeouts = Timeouts.defaults();
        timeouts = read(NatsOptions.CONNECT_TIMEOUT, timeouts::withConnect);
        timeouts = read(NatsOptions.REQUEST_TIMEOUT, timeouts::withRequest);
        return read(NatsOptions.OUTAGE_TIMEOUT, timeouts::withOutage);
    }

    private ConnectionSettings withProperties(ConnectionSettings settings) {
        Map<String, String> properties =
                options.getOptional(NatsOptions.PROPERTIES).orElse(Collections.emptyMap());
        properties.forEach(
                (key, value) ->
                        checked(
                                NatsOptions.PROPERTIES.key() + "." + key,
                                () ->
                                        settings.withProperties(
                                                Collections.singletonMap(key, value))));
        return properties.isEmpty() ? settings : settings.withProperties(properties);
    }

    ReadPlan plan(List<String> key) {
        boolean hasKey = !key.isEmpty();
        SubjectSet subjects =
                options.getOptional(NatsOptions.SUBJECT).isPresent()
                        ? read(NatsOptions.SUBJECT, OptionReader::subjects)
                        : SubjectSet.empty();
        List<String> streams =
                options.getOptional(NatsOptions.STREAM).isPresent()
                        ? read(NatsOptions.STREAM, OptionReader::streamNames)
                        : Collections.emptyList();
        refuseKeyOfStreams(hasKey && streams.size() > 1 && !namesTheSubject(key), streams);
        StartPosition start = start();
        StopPosition stop = stop();
        refuseKey(hasKey && start.consumer() != null);
        refuseStreams(streams.size() > 1 && start.consumer() != null);
        refuseEmptyRange(start, stop);
        return ReadPlan.ofStreams(streams, subjects.texts())
                .withRange(start, stop)
                .withOrdering(ordering(hasKey, subjects));
    }

    private static SubjectSet subjects(String list) {
        return SubjectSet.parse(SubjectTemplate.isTemplate(list) ? template(list).filter() : list);
    }

    private static SubjectTemplate template(String text) {
        if (text.contains(",")) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' has columns in it, so it must be one subject, not a list: a row"
                            + " has one value for each column.");
        }
        return SubjectTemplate.parse(text.trim());
    }

    /**
     * Makes something of the subject's columns.
     *
     * @param make throws {@link IllegalArgumentException} when they do not fit the table
     * @return null if the subject has no columns in it
     */
    public <T> @Nullable T ofTemplate(Function<SubjectTemplate, T> make) {
        boolean any =
                options.getOptional(NatsOptions.SUBJECT)
                        .map(SubjectTemplate::isTemplate)
                        .orElse(false);
        return any ? read(NatsOptions.SUBJECT, text -> make.apply(template(text))) : null;
    }

    private static List<String> streamNames(String list) {
        Set<String> names = new LinkedHashSet<>();
        for (String entry : list.split(",", -1)) {
            String name = entry.trim();
            String problem =
                    name.isEmpty() && list.contains(",")
                            ? "The list of streams '"
                                    + list
                                    + "' has an empty entry: remove a comma."
                            : Subjects.streamNameProblem(name);
            if (problem != null) {
                throw new IllegalArgumentException(problem);
            }
            names.add(name);
        }
        return new ArrayList<>(names);
    }

    /** No two streams carry the same subject, so a key that names the subject names the stream. */
    private boolean namesTheSubject(List<String> key) {
        List<String> columns = ofTemplate(SubjectTemplate::columns);
        return columns != null && key.containsAll(columns);
    }

    private static void refuseKeyOfStreams(boolean mixed, List<String> streams) {
        if (mixed) {
            throw new ValidationException(
                    String.format(
                            "'%s' names the streams %s, and the rows of one PRIMARY KEY may come"
                                    + " from several of them, between which there is no order: an"
                                    + " older row could overwrite a newer one. Declare a table for"
                                    + " each stream, or one without PRIMARY KEY, or a key with all"
                                    + " columns of a 'nats.subject' such as 'orders.{id}'.",
                            NatsOptions.STREAM.key(), streams));
        }
    }

    private static void refuseKey(boolean withConsumer) {
        if (withConsumer) {
            throw new ValidationException(
                    String.format(
                            "'%s' and a PRIMARY KEY do not go together: a message that is delivered"
                                    + " again comes behind newer ones, and its row would overwrite"
                                    + " a newer row of its key. Remove the key, or the option.",
                            NatsOptions.SCAN_DURABLE_CONSUMER.key()));
        }
    }

    private static void refuseStreams(boolean withConsumer) {
        if (withConsumer) {
            throw new ValidationException(
                    String.format(
                            "'%s' belongs to one stream, and '%s' names several: declare a table"
                                    + " for each stream.",
                            NatsOptions.SCAN_DURABLE_CONSUMER.key(), NatsOptions.STREAM.key()));
        }
    }

    private StartPosition start() {
        if (options.getOptional(NatsOptions.SCAN_DURABLE_CONSUMER).isPresent()) {
            DurableConsumer consumer =
                    read(NatsOptions.SCAN_DURABLE_CONSUMER, DurableConsumer::named);
            return StartPosition.ofConsumer(
                    options.get(NatsOptions.SCAN_DURABLE_CONSUMER_CREATE)
                            ? consumer.createdIfMissing()
                            : consumer);
        }
        switch (options.get(NatsOptions.SCAN_STARTUP_MODE)) {
            case EARLIEST:
                return StartPosition.earliest();
            case LATEST:
                return StartPosition.latest();
            case TIMESTAMP:
                return StartPosition.atTimestamp(
                        options.getOptional(NatsOptions.SCAN_STARTUP_TIMESTAMP_MILLIS)
                                .map(Instant::ofEpochMilli)
                                .orElseGet(() -> instant(NatsOptions.SCAN_STARTUP_TIMESTAMP)));
            case SEQUENCE:
                return read(NatsOptions.SCAN_STARTUP_SEQUENCE, StartPosition::atSequence);
            case LAST_PER_SUBJECT:
                return StartPosition.lastPerSubject();
            case CONSUMER:
                break; // TableRules wants its name, which is read above.
        }
        throw new IllegalStateException("A start mode without a position.");
    }

    private StopPosition stop() {
        switch (options.get(NatsOptions.SCAN_BOUNDED_MODE)) {
            case UNBOUNDED:
                return StopPosition.never();
            case LATEST:
                return StopPosition.latest();
            case TIMESTAMP:
                return StopPosition.atTimestamp(instant(NatsOptions.SCAN_BOUNDED_TIMESTAMP));
            case SEQUENCE:
                return read(NatsOptions.SCAN_BOUNDED_SEQUENCE, StopPosition::atSequence);
        }
        throw new IllegalStateException("A bounded mode without a position.");
    }

    private Instant instant(ConfigOption<String> option) {
        return read(option, text -> Timestamps.parse(text, zone()));
    }

    private ZoneId zone() {
        String zone = session.get(TableConfigOptions.LOCAL_TIME_ZONE);
        try {
            return zone.equals(TableConfigOptions.LOCAL_TIME_ZONE.defaultValue())
                    ? ZoneId.systemDefault()
                    : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new ValidationException(
                    "Invalid value for option '"
                            + TableConfigOptions.LOCAL_TIME_ZONE.key()
                            + "': "
                            + e.getMessage(),
                    e);
        }
    }

    private static void refuseEmptyRange(StartPosition start, StopPosition stop) {
        boolean backwards =
                start.kind() == StartPosition.Kind.SEQUENCE
                        && stop.kind() == StopPosition.Kind.SEQUENCE
                        && stop.sequence() < start.sequence();
        Instant from = start.timestamp();
        Instant to = stop.timestamp();
        if (backwards || (from != null && to != null && to.isBefore(from))) {
            throw new ValidationException(
                    String.format(
                            "The table ends before it starts: 'scan.bounded.mode' stops at %s and"
                                    + " 'scan.startup.mode' starts at %s. Set a later end or an"
                                    + " earlier start.",
                            stop, start));
        }
    }

    private Ordering ordering(boolean hasKey, SubjectSet subjects) {
        Ordering chosen =
                options.getOptional(NatsOptions.SCAN_ORDERING)
                        .orElse(hasKey ? Ordering.STREAM : Ordering.FILTER);
        if (hasKey && chosen == Ordering.FILTER && subjects.size() > 1) {
            throw new ValidationException(
                    String.format(
                            "'%s' = 'filter' reads the subjects %s side by side, and the rows of"
                                    + " one PRIMARY KEY may come from several of them: an older row"
                                    + " could overwrite a newer one. Remove the option, or set it"
                                    + " to 'stream'.",
                            NatsOptions.SCAN_ORDERING.key(), subjects));
        }
        return chosen;
    }

    private ReadSettings readSettings(ReadPlan plan) {
        ReadSettings settings =
                read(NatsOptions.SCAN_ON_DATA_LOSS, ReadSettings.defaults()::withOnDataLoss);
        settings = read(NatsOptions.SCAN_FETCH_MAX_MESSAGES, settings::withMaxMessages);
        ReadSettings counted = settings;
        settings =
                read(
                        NatsOptions.SCAN_FETCH_MAX_BYTES,
                        size -> counted.withMaxBytes(size.getBytes()));
        if (options.getOptional(NatsOptions.SCAN_RATE_LIMIT).isPresent()) {
            settings = read(NatsOptions.SCAN_RATE_LIMIT, settings::withRateLimit);
        }
        return settings.withBadRecords(badRecords(plan));
    }

    private BadRecordPolicy badRecords(ReadPlan plan) {
        switch (options.get(NatsOptions.SCAN_ON_ERROR)) {
            case FAIL:
                return BadRecordPolicy.fail();
            case SKIP:
                return BadRecordPolicy.skip();
            case DEAD_LETTER:
                return read(
                        NatsOptions.SCAN_DEAD_LETTER_SUBJECT,
                        subject -> {
                            BadRecordPolicy policy = BadRecordPolicy.deadLetter(subject);
                            refuseLoop(plan, subject);
                            return policy;
                        });
        }
        throw new IllegalStateException("A policy without a meaning.");
    }

    private static void refuseLoop(ReadPlan plan, String subject) {
        if (plan.lists(subject)) {
            throw new IllegalArgumentException(
                    "The table reads the subject '"
                            + subject
                            + "' itself, so bad records would come back for ever: choose another"
                            + " one, or read fewer subjects with 'nats.subject'.");
        }
    }

    @Nullable Integer parallelism() {
        return options.getOptional(NatsOptions.SCAN_PARALLELISM).isPresent()
                ? read(NatsOptions.SCAN_PARALLELISM, OptionReader::atLeastOne)
                : null;
    }

    static Integer atLeastOne(Integer tasks) {
        if (tasks < 1) {
            throw new IllegalArgumentException("At least 1 is needed, not " + tasks + ".");
        }
        return tasks;
    }

    private static String notBlank(String text) {
        if (text.trim().isEmpty()) {
            throw new IllegalArgumentException("It is empty: set a value, or remove the option.");
        }
        return text;
    }

    private <V, T> T read(ConfigOption<V> option, Function<V, T> conversion) {
        return checked(
                option.key(), () -> conversion.apply(Objects.requireNonNull(options.get(option))));
    }

    static <T> T checked(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ValidationException(
                    "Invalid value for option '" + key + "': " + e.getMessage(), e);
        }
    }
}

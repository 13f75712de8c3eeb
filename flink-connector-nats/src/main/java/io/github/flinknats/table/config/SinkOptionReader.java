// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import io.github.flinknats.sink.config.FlushSettings;
import io.github.flinknats.sink.config.WriteSettings;
import io.github.flinknats.subject.SubjectTemplate;
import io.github.flinknats.subject.Subjects;
import java.util.Objects;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/** Turns a table's options into values for writing, as {@link OptionReader} does for reading. */
@Internal
public final class SinkOptionReader {
    private final ReadableConfig options;
    private final OptionReader common;

    /**
     * A reader of one table.
     *
     * @param options the table's options
     * @param session the session's configuration
     */
    public SinkOptionReader(ReadableConfig options, ReadableConfig session) {
        this.options = options;
        this.common = new OptionReader(options, session);
    }

    /**
     * Everything about writing.
     *
     * @param tableName names the connection when no option does
     */
    public SinkSettings sink(String tableName) {
        return SinkSettings.of(common.connection(tableName), writeSettings(), subject())
                .withFields(options.get(NatsSinkOptions.VALUE_FIELDS_INCLUDE))
                .withParallelism(parallelism());
    }

    private WriteSettings writeSettings() {
        WriteSettings settings =
                read(
                        NatsSinkOptions.SINK_DELIVERY_GUARANTEE,
                        WriteSettings.defaults()::withGuarantee);
        settings = read(NatsSinkOptions.SINK_MAX_IN_FLIGHT, settings::withMaxInFlight);
        if (isSet(NatsSinkOptions.SINK_ID)) {
            settings = read(NatsSinkOptions.SINK_ID, settings::withSinkId);
        }
        String conflict = settings.conflict();
        if (conflict != null) {
            throw new ValidationException(
                    String.format(
                            "Check '%s' and '%s': %s.",
                            NatsSinkOptions.SINK_ID.key(),
                            NatsSinkOptions.SINK_DELIVERY_GUARANTEE.key(),
                            conflict));
        }
        return settings.withFlush(flush());
    }

    private FlushSettings flush() {
        FlushSettings flush = FlushSettings.off();
        if (isSet(NatsSinkOptions.SINK_BUFFER_FLUSH_MAX_ROWS)) {
            flush = read(NatsSinkOptions.SINK_BUFFER_FLUSH_MAX_ROWS, flush::withMaxRows);
        }
        return isSet(NatsSinkOptions.SINK_BUFFER_FLUSH_INTERVAL)
                ? read(NatsSinkOptions.SINK_BUFFER_FLUSH_INTERVAL, flush::withInterval)
                : flush;
    }

    private @Nullable String subject() {
        if (isSet(NatsSinkOptions.SINK_SUBJECT)) {
            return read(NatsSinkOptions.SINK_SUBJECT, SinkOptionReader::writable);
        }
        String read = options.getOptional(NatsOptions.SUBJECT).orElse("").trim();
        if (read.isEmpty() || read.contains(",") || read.contains("*") || read.contains(">")) {
            return null;
        }
        return read(NatsOptions.SUBJECT, SinkOptionReader::writable);
    }

    private static String writable(String text) {
        String subject = text.trim();
        if (!SubjectTemplate.isTemplate(subject)) {
            String problem = Subjects.subjectProblem(subject);
            if (problem != null) {
                throw new IllegalArgumentException(problem);
            }
        } else if (!SubjectTemplate.parse(subject).isWritable()) {
            throw new IllegalArgumentException(
                    "The subject '"
                            + subject
                            + "' has a wildcard, and a message has one subject: write columns"
                            + " instead, as in 'orders.{region}.{id}'.");
        }
        return subject;
    }

    private @Nullable Integer parallelism() {
        return isSet(NatsSinkOptions.SINK_PARALLELISM)
                ? read(NatsSinkOptions.SINK_PARALLELISM, OptionReader::atLeastOne)
                : null;
    }

    private boolean isSet(ConfigOption<?> option) {
        return options.getOptional(option).isPresent();
    }

    private <V, T> T read(ConfigOption<V> option, Function<V, T> conversion) {
        return OptionReader.checked(
                option.key(), () -> conversion.apply(Objects.requireNonNull(options.get(option))));
    }
}

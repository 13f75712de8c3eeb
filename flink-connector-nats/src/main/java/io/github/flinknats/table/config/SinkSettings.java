// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.sink.config.WriteSettings;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** Everything that a table's options say about writing to it. */
@Internal
public final class SinkSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ConnectionSettings connection;
    private final WriteSettings writeSettings;
    private final @Nullable String subject;
    private final FieldsInclude fields;
    private final @Nullable Integer parallelism;

    private SinkSettings(
            ConnectionSettings connection,
            WriteSettings writeSettings,
            @Nullable String subject,
            FieldsInclude fields,
            @Nullable Integer parallelism) {
        this.connection = connection;
        this.writeSettings = writeSettings;
        this.subject = subject;
        this.fields = fields;
        this.parallelism = parallelism;
    }

    /**
     * Settings for payloads of all columns.
     *
     * @param subject a subject or a template; null when the rows have to bring theirs
     */
    public static SinkSettings of(
            ConnectionSettings connection, WriteSettings writeSettings, @Nullable String subject) {
        return new SinkSettings(connection, writeSettings, subject, FieldsInclude.ALL, null);
    }

    public SinkSettings withFields(FieldsInclude included) {
        return new SinkSettings(connection, writeSettings, subject, included, parallelism);
    }

    /** A copy with a parallelism; null leaves it to the planner. */
    public SinkSettings withParallelism(@Nullable Integer tasks) {
        return new SinkSettings(connection, writeSettings, subject, fields, tasks);
    }

    public ConnectionSettings connection() {
        return connection;
    }

    public WriteSettings writeSettings() {
        return writeSettings;
    }

    /** A subject or a template, or null when rows bring theirs. */
    public @Nullable String subject() {
        return subject;
    }

    public FieldsInclude fields() {
        return fields;
    }

    public @Nullable Integer parallelism() {
        return parallelism;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof SinkSettings)) {
            return false;
        }
        SinkSettings that = (SinkSettings) other;
        return connection.equals(that.connection)
                && writeSettings.equals(that.writeSettings)
                && Objects.equals(subject, that.subject)
                && fields == that.fields
                && Objects.equals(parallelism, that.parallelism);
    }

    @Override
    public int hashCode() {
        return Objects.hash(connection, writeSettings, subject, fields, parallelism);
    }

    @Override
    public String toString() {
        return "to "
                + subject
                + "; "
                + connection
                + "; "
                + writeSettings
                + "; payload of "
                + fields
                + "; parallelism "
                + parallelism;
    }
}

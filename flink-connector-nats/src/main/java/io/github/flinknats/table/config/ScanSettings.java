// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** Everything that a table's options say about reading it. */
@Internal
public final class ScanSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ConnectionSettings connection;
    private final ReadPlan plan;
    private final ReadSettings readSettings;
    private final @Nullable Integer parallelism;
    private final boolean inBatch;

    private ScanSettings(
            ConnectionSettings connection,
            ReadPlan plan,
            ReadSettings readSettings,
            @Nullable Integer parallelism,
            boolean inBatch) {
        this.connection = connection;
        this.plan = plan;
        this.readSettings = readSettings;
        this.parallelism = parallelism;
        this.inBatch = inBatch;
    }

    public static ScanSettings of(
            ConnectionSettings connection, ReadPlan plan, ReadSettings readSettings) {
        return new ScanSettings(connection, plan, readSettings, null, false);
    }

    /** A copy with a parallelism; null leaves it to the planner. */
    public ScanSettings withParallelism(@Nullable Integer tasks) {
        return new ScanSettings(connection, plan, readSettings, tasks, inBatch);
    }

    /** A copy for a session in batch mode, or not. */
    public ScanSettings withBatch(boolean batch) {
        return new ScanSettings(connection, plan, readSettings, parallelism, batch);
    }

    public ConnectionSettings connection() {
        return connection;
    }

    public ReadPlan plan() {
        return plan;
    }

    public ReadSettings readSettings() {
        return readSettings;
    }

    /** The parallelism of the source, or null when the planner chooses. */
    public @Nullable Integer parallelism() {
        return parallelism;
    }

    /** Whether the session is in batch mode. */
    public boolean isInBatch() {
        return inBatch;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof ScanSettings)) {
            return false;
        }
        ScanSettings that = (ScanSettings) other;
        return connection.equals(that.connection)
                && plan.equals(that.plan)
                && readSettings.equals(that.readSettings)
                && Objects.equals(parallelism, that.parallelism)
                && inBatch == that.inBatch;
    }

    @Override
    public int hashCode() {
        return Objects.hash(connection, plan, readSettings, parallelism, inBatch);
    }

    @Override
    public String toString() {
        return plan
                + "; "
                + connection
                + "; "
                + readSettings
                + "; parallelism "
                + parallelism
                + (inBatch ? ", batch" : "");
    }
}

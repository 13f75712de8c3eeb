// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.table.config.NatsOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.types.RowKind;

/** What cannot be read in batch mode, which Flink refuses too, without saying what to do. */
final class BatchRules {
    private BatchRules() {}

    static void check(ReadPlan plan, ChangelogMode changelog) {
        String streaming = "set '" + ExecutionOptions.RUNTIME_MODE.key() + "' = 'streaming'";
        if (plan.start().consumer() != null) {
            throw refused(
                    plan,
                    "what is read by acknowledging has no end",
                    "remove '" + NatsOptions.SCAN_DURABLE_CONSUMER.key() + "', or " + streaming);
        }
        if (!plan.stop().isBounded()) {
            throw refused(
                    plan,
                    "the table has no end",
                    "set '"
                            + NatsOptions.SCAN_BOUNDED_MODE.key()
                            + "', for example to 'latest', or "
                            + streaming);
        }
        if (!changelog.containsOnly(RowKind.INSERT)) {
            throw refused(
                    plan,
                    "rows of the table supersede and delete one another, and Flink reads only"
                            + " tables of inserts so",
                    streaming
                            + ", which ends with a bounded table too, or declare a table without"
                            + " PRIMARY KEY and take the newest row of each key by ROW_NUMBER()");
        }
    }

    private static ValidationException refused(ReadPlan plan, String why, String what) {
        return new ValidationException(
                "Cannot read "
                        + plan.target()
                        + " in batch mode, because "
                        + why
                        + ". Please "
                        + what
                        + ".");
    }
}

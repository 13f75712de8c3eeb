// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Stops queries with a savepoint, and starts sessions from one. */
final class SqlSavepoints implements AfterEachCallback {
    private final List<SqlFixture> sessions = new ArrayList<>();

    /** What {@link #restore} needs of a session that is stopped. */
    static void prepare(SqlFixture session) {
        session.set("execution.checkpointing.interval", "200 ms");
        // Operators keep their identity when another plan would chain them otherwise; the state of
        // collect() itself has none.
        session.set("pipeline.operator-chaining.enabled", "false");
        session.set("execution.state-recovery.ignore-unclaimed-state", "true");
    }

    /**
     * Stops a query.
     *
     * @param rows gets what the query had still to give
     * @return the savepoint
     */
    String stop(SqlFixture.Running query, Path directory, List<Row> rows) throws Exception {
        CompletableFuture<String> savepoint =
                query.job()
                        .stopWithSavepoint(
                                false, directory.toUri().toString(), SavepointFormatType.CANONICAL);
        rows.addAll(query.rest()); // A job that is held up by its rows could not stop.
        return savepoint.get();
    }

    /** A new session whose queries start at the savepoint. */
    SqlFixture restore(String savepoint) {
        SqlFixture session = new SqlFixture();
        session.beforeEach(null);
        prepare(session);
        session.set("execution.state-recovery.path", savepoint);
        sessions.add(session);
        return session;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (SqlFixture session : sessions) {
            session.cancelAll();
        }
        sessions.clear();
    }
}

// SPDX-License-Identifier: Apache-2.0
/**
 * The SQL connector: the factory that Flink finds by {@code 'connector' = 'nats'}, and the objects
 * that the planner asks what a table can do.
 *
 * <p>Belongs here: translation between Flink's planner and the values of the rooms below. Does not:
 * reading options ({@code table.config}), making rows ({@code table.row}), reading JetStream
 * ({@code source}). Everything runs where a query is planned. Start with {@code NatsTableFactory}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.table;

// SPDX-License-Identifier: Apache-2.0
/**
 * Messages to rows: which columns a row has, what is known about a message besides its payload, and
 * the deserializer that puts both together.
 *
 * <p>Belongs here: {@code TableLayout}, a value of the planner; {@code ReadableMetadata}, one
 * constant per metadata key; {@code RowReader}, which runs on the task thread. Does not: options,
 * planner objects, and anything that reads JetStream. Start with {@code RowReader}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.table.row;

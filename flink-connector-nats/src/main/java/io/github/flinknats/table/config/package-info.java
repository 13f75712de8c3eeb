// SPDX-License-Identifier: Apache-2.0
/**
 * The options of a SQL table: declared, checked against one another, and turned into the values
 * that the DataStream API uses too.
 *
 * <p>Belongs here: {@code NatsOptions} declares, {@code TableRules} holds conflicts as data, {@code
 * OptionReader} returns values. Does not: planner objects, formats and rows. Runs where a query is
 * planned, never in a task; every refusal is a {@code ValidationException} that names the option
 * and the way out. Start with {@code NatsOptions}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.table.config;

// SPDX-License-Identifier: Apache-2.0
/**
 * Makes messages of records and hands them over: to the publisher, or to the committable of a
 * checkpoint.
 *
 * <p>Belongs here: what one subtask of a sink does with its records. Does not: how messages travel
 * (next door, {@code publish}), what a table's row is. Everything here runs on the task thread.
 * Start with {@code NatsWriter}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.sink.writer;

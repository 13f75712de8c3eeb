// SPDX-License-Identifier: Apache-2.0
/**
 * Plans what is to be read: finds the stream, turns start and stop into sequences, cuts the filters
 * into splits and hands them to readers. Runs on the JobManager.
 *
 * <p>{@code NatsEnumerator} holds Flink's callbacks; {@code ReadPlanner} makes the blocking calls
 * on the worker thread; the rest is pure. Nothing here reads messages. Start with {@code
 * NatsEnumerator}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.source.enumerator;

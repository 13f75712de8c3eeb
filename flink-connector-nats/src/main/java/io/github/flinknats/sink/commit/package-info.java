// SPDX-License-Identifier: Apache-2.0
/**
 * Stores the messages of a checkpoint once, however often that is tried.
 *
 * <p>{@code CommitPlan} decides what is sent, looked up and sent again; {@code CommitRunner} obeys,
 * with the connection of a {@code CommitLink}. {@code CommitMaker} divides what a writer collected
 * into commits. Knows NATS, not Flink: state and committables live next door, in {@code
 * sink.committer}. Commits run on the task thread, look-ups of streams on a thread of their own.
 * Start with {@code CommitPlan}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.sink.commit;

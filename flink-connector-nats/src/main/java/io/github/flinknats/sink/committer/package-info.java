// SPDX-License-Identifier: Apache-2.0
/**
 * Commits as Flink wants them: in state, and carried out when a checkpoint is complete.
 *
 * <p>Belongs here: the serializer of commits, Flink's callbacks, metrics. Does not: how a commit is
 * carried out (next door, {@code sink.commit}). Everything here runs on the task thread. Start with
 * {@code NatsCommitter}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.sink.committer;

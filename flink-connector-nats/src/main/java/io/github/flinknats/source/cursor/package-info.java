// SPDX-License-Identifier: Apache-2.0
/**
 * Reads filters of a stream from a given sequence, each message once and in order. Knows NATS, not
 * Flink: checkpoints and rows live next door.
 *
 * <p>{@code PullCursor} decides, {@code StreamCursor} obeys; {@code CursorGroup} runs the cursors
 * of one reader over one connection. Everything here runs on the fetcher thread, except {@code
 * FrameIntake}, which takes messages from the client's reading thread, {@code Inbox}, where client
 * threads hand over what arrived, and {@code MessageBatch}, which is filled on the fetcher thread
 * and read on the task thread. Start with {@code PullCursor}.
 *
 * <p>The position is a stream sequence held by Flink; the server's consumer is thrown away and made
 * again at the next sequence whenever there is doubt (pull protocol: NATS ADR-13).
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.source.cursor;

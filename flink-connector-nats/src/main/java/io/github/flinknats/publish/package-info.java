// SPDX-License-Identifier: Apache-2.0
/**
 * Publishes messages to JetStream and knows which of them are stored: shared by everything that
 * writes.
 *
 * <p>{@code PublishWindow} decides what is sent and sent again; {@code Publisher} is its thread,
 * its connection and its inbox of acknowledgements. Belongs here: messages on their way. Does not:
 * where they come from, Flink, rows. The task thread adds messages and waits for none; client
 * threads bring answers; all else runs on the publisher's thread. Start with {@code PublishWindow}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.publish;

// SPDX-License-Identifier: Apache-2.0
/**
 * Real NATS servers for tests: processes that can be killed, paused and cut off, streams that clean
 * up after themselves, and checks that a test left nothing behind. Knows NATS, not the connector;
 * nothing here pretends to be a server. Everything runs on the test's thread, except the pumps of
 * {@code FaultProxy}. Start with {@code NatsServerExtension}, then {@code NatsServer}.
 */
@NullMarked
package io.github.flinknats.testing;

import org.jspecify.annotations.NullMarked;

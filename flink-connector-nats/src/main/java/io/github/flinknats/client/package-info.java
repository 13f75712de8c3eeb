// SPDX-License-Identifier: Apache-2.0
/**
 * How to reach NATS: settings, opening a connection, facts about streams, and the one maker of
 * failures.
 *
 * <p>Belongs here: everything that knows the NATS client library and is shared by reading and
 * writing. Does not: Flink runtime types, and anything about positions or rows. {@code Failures} is
 * where every error text is made; {@code StreamApi} is where the JetStream API is spoken; {@code
 * FramePort} is where messages of consumers leave the client's way.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.client;

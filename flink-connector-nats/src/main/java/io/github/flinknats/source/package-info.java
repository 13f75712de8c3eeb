// SPDX-License-Identifier: Apache-2.0
/**
 * The DataStream API for reading: {@code NatsSource} and its builder.
 *
 * <p>Belongs here: what a user of the DataStream API touches, and the wiring of the rooms below.
 * Does not: any work of its own. Start with {@code NatsSource.builder()}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.source;

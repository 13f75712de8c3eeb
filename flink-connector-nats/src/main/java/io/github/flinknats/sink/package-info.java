// SPDX-License-Identifier: Apache-2.0
/**
 * The sink as users of the DataStream API see it.
 *
 * <p>Belongs here: the public entry points. Does not: what writers and committers do. Start with
 * {@code NatsSinkBuilder}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.sink;

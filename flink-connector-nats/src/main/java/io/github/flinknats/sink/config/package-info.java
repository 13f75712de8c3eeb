// SPDX-License-Identifier: Apache-2.0
/**
 * How to write, as users say it: immutable values.
 *
 * <p>Belongs here: settings that travel from the planner to the writers. Does not: anything that
 * acts on them.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.sink.config;

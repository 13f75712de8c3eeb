// SPDX-License-Identifier: Apache-2.0
/**
 * What to read, as values: where to start and stop, in which order, with how much in flight.
 *
 * <p>Belongs here: immutable settings of a source, made by the SQL factory and the builder alike.
 * Does not: how they are carried out (next door in {@code enumerator} and {@code cursor}), and how
 * the server is reached ({@code client}).
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.source.config;

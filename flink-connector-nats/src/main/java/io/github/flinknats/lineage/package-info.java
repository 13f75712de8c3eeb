// SPDX-License-Identifier: Apache-2.0
/**
 * What Flink tells listeners of a job about where its data comes from and goes to.
 *
 * <p>Belongs here: datasets with facets from a list of allowed keys, so that no secret can get into
 * them. Does not: what is read and written, which comes in as texts. Runs when a job is planned.
 * Start with {@code NatsLineage}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.lineage;

// SPDX-License-Identifier: Apache-2.0
/**
 * What NATS allows subjects and names to be, and how subject filters relate to one another.
 *
 * <p>Belongs here: algebra over plain strings, usable on any thread. Does not: anything that asks a
 * server, knows Flink, or imports another package. Start with {@code SubjectFilter}; {@code
 * SubjectSet} is what a table reads.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.subject;

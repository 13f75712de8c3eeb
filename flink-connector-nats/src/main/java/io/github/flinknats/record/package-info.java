// SPDX-License-Identifier: Apache-2.0
/**
 * Messages as users of the DataStream API see them, and how they become records.
 *
 * <p>Belongs here: public message types and (de)serializer interfaces. Does not: anything that
 * reads or writes JetStream, and any type of the NATS client, because the SQL jar relocates it.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.record;

// SPDX-License-Identifier: Apache-2.0
/**
 * The unit of reading: one or several filters of one stream, a range of sequences, and how far it
 * has been read. This is what a checkpoint holds.
 *
 * <p>Belongs here: the split, its moving state and its serializer. Does not: anything that talks to
 * the server. Splits are made on the coordinator thread and move on the task thread.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.source.split;

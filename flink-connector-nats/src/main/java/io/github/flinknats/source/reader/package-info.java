// SPDX-License-Identifier: Apache-2.0
/**
 * Feeds Flink with what the cursors read: batches go from the fetcher thread to the task thread,
 * where records are made, emitted and counted into the checkpoint.
 *
 * <p>{@code NatsSplitReader} runs on the fetcher thread, everything else on the task thread; {@code
 * ReaderMetrics} hears from both. What becomes of a message that cannot be decoded is in {@code
 * BadRecords}. How JetStream is read is next door in {@code cursor}. Start with {@code
 * NatsSplitReader.fetch}.
 */
@org.jspecify.annotations.NullMarked
package io.github.flinknats.source.reader;

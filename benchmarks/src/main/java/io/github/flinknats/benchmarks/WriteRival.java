// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.nats.client.api.StreamConfiguration;

/** One way to write messages into a stream. */
interface WriteRival {
    String name();

    /** What the stream must be like. */
    default void configure(StreamConfiguration.Builder stream) {}

    /** Writes all messages of the run; they need not be stored yet when this returns. */
    void write(WriteRun run) throws Exception;
}

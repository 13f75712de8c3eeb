// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import io.nats.client.api.StreamConfiguration;
import java.io.IOException;

/** One way to write messages into a stream. */
public interface WriteRival extends AutoCloseable {
    String name();

    /** What the stream must be like. */
    default void configure(StreamConfiguration.Builder stream) {}

    /** Writes all messages of the run; they need not be stored yet when this returns. */
    void write(WriteRun run) throws Exception;

    /** How many messages it gets: fewer where all would take too long. */
    default long share(long messages) {
        return messages;
    }

    /** Ends what was started for it. */
    @Override
    default void close() throws IOException {}
}

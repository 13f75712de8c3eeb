// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.StreamFacts;
import org.apache.flink.annotation.Internal;

/** The stream as it is now, compared with the one that was being read. */
@Internal
final class Inspection {
    private final StreamFacts facts;
    private final long divergence;

    private Inspection(StreamFacts facts, long divergence) {
        this.facts = facts;
        this.divergence = divergence;
    }

    /** As far as can be told, what has been read is still in the stream, or has left it. */
    static Inspection of(StreamFacts facts) {
        return new Inspection(facts, 0);
    }

    /**
     * The message read last is not the one that the stream has in its place.
     *
     * @param sequence of the first message stored after the one read last
     */
    static Inspection diverged(StreamFacts facts, long sequence) {
        return new Inspection(facts, sequence);
    }

    StreamFacts facts() {
        return facts;
    }

    /** Where the stream goes on that is not the one that was read, or 0. */
    long divergence() {
        return divergence;
    }
}

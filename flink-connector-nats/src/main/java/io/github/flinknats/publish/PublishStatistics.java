// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import org.apache.flink.annotation.Internal;

/** How publishing goes, at one moment. */
@Internal
public final class PublishStatistics {
    private final long inFlight;
    private final long retries;
    private final long recognised;
    private final long sendMillis;

    PublishStatistics(long inFlight, long retries, long recognised, long sendMillis) {
        this.inFlight = inFlight;
        this.retries = retries;
        this.recognised = recognised;
        this.sendMillis = sendMillis;
    }

    /** Messages that are not stored yet. */
    public long inFlight() {
        return inFlight;
    }

    /** How many times a message was sent again. */
    public long retries() {
        return retries;
    }

    /** How many messages the stream had already, by their ids. */
    public long recognised() {
        return recognised;
    }

    /** How long the last stored message took to be acknowledged. */
    public long sendMillis() {
        return sendMillis;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import org.apache.flink.annotation.Internal;

/** Hears of losses that reading goes on after. Fetcher thread. */
@Internal
public interface DataLossListener {
    /** Hears nothing. */
    DataLossListener NONE = (splitId, wanted, available) -> {};

    /**
     * Messages are gone before they were read: called once per loss.
     *
     * @param wanted the first sequence that is missing
     * @param available where reading goes on; in a stream that was made again or set back this may
     *     be below {@code wanted}
     */
    void onDataLoss(String splitId, long wanted, long available);
}

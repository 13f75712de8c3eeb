// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import org.apache.flink.annotation.Internal;

/** Hears what cursors go through. Fetcher thread. */
@Internal
public interface CursorListener {

    /** The server has a consumer for the split: the first one, or one in place of a lost one. */
    void onConsumer(String splitId);

    /** The connection is up again, or another one has taken its place. */
    void onReconnected();

    /**
     * Messages are gone before they were read, and reading goes on: called once per loss.
     *
     * @param wanted the first sequence that is missing
     * @param available where reading goes on; in a stream that was made again or set back this may
     *     be below {@code wanted}
     */
    void onDataLoss(String splitId, long wanted, long available);

    /** Hears nothing. */
    CursorListener NONE =
            new CursorListener() {
                @Override
                public void onConsumer(String splitId) {}

                @Override
                public void onReconnected() {}

                @Override
                public void onDataLoss(String splitId, long wanted, long available) {}
            };
}

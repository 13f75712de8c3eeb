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

    /** Hears nothing. */
    CursorListener NONE =
            new CursorListener() {
                @Override
                public void onConsumer(String splitId) {}

                @Override
                public void onReconnected() {}
            };
}

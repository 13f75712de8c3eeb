// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/** A reader with a row limit tells how many records it has made since it was started. */
@Internal
public final class RowsEmitted implements SourceEvent {
    private static final long serialVersionUID = 1L;

    private final long rows;

    public RowsEmitted(long rows) {
        this.rows = rows;
    }

    long rows() {
        return rows;
    }
}

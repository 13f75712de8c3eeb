// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/** All readers together have made as many records as are wanted: each one is done. */
@Internal
public final class LimitReached implements SourceEvent {
    private static final long serialVersionUID = 1L;
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import org.apache.flink.annotation.Internal;

/**
 * Where a {@link PullCursor} stands.
 *
 * <pre>
 * OFFLINE --connected--> WAITING --inspect--> INSPECTING --stream--> CHECKED --open--> OPENING
 *    ^                      ^                                                             |
 *    |                      |                                                          opened
 *    |                      |                                                             v
 *    +---- disconnected ----+------------- lost, silent, refused ---------------------- READING
 * </pre>
 */
@Internal
enum CursorState {
    OFFLINE,
    WAITING,
    INSPECTING,
    CHECKED,
    OPENING,
    READING,
    ENDED,
    FAILED
}

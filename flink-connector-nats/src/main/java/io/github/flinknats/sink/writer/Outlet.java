// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.publish.OutgoingMessage;

/** Where a writer's messages go. Task thread. */
interface Outlet extends AutoCloseable {

    /** Takes a message; waits while there is no room for it. */
    void send(OutgoingMessage message) throws InterruptedException;

    /** Waits until what was taken is as safe as the guarantee promises at a checkpoint. */
    void flush() throws InterruptedException;

    @Override
    void close();
}

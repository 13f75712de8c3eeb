// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import org.apache.flink.annotation.Internal;

/**
 * Takes the messages of one subscription from the connection's reading thread, in the order in
 * which they stand on the wire. It may not block: a socket that is not read is cut by the server.
 */
@Internal
public interface FrameSink {
    /** A message. The frame is used again for the next one. */
    void onFrame(Frame frame);

    /** The messages of one read have been given; a good moment to hand them on. */
    void onReadDone();
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Which subscriptions of a client have their messages taken off the wire, by subject: the numbers
 * that subscriptions have on the wire change with every connection. Any thread.
 */
@Internal
public final class FrameRoutes {
    private final ConcurrentHashMap<String, FrameSink> sinks = new ConcurrentHashMap<>();

    FrameRoutes() {}

    /** To be called before subscribing to exactly this subject. */
    public void add(String subject, FrameSink sink) {
        sinks.put(subject, sink);
    }

    /** To be called after unsubscribing; what still arrives goes to the client, which drops it. */
    public void remove(String subject) {
        sinks.remove(subject);
    }

    @Nullable FrameSink find(String subject) {
        return sinks.get(subject);
    }
}

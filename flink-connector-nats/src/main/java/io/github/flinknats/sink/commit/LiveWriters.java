// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.annotation.Internal;

/**
 * The writers that are open in this process. A commit whose writer is among them did not come out
 * of restored state: its writer, and with it the committer behind, has been running since it was
 * made, so nobody but this committer can have tried it.
 *
 * <p>A commit cannot carry that knowledge itself: it is copied by its serializer between writer and
 * committer, as it is between state and committer.
 */
@Internal
public final class LiveWriters {
    private static final Set<String> IDS = ConcurrentHashMap.newKeySet();

    private LiveWriters() {}

    static void add(String writer) {
        IDS.add(writer);
    }

    static void remove(String writer) {
        IDS.remove(writer);
    }

    public static boolean contains(String writer) {
        return IDS.contains(writer);
    }
}

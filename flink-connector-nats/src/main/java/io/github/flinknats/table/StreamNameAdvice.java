// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.subject.Subjects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of stream names that JetStream advises against: once each, as plans are made often. */
final class StreamNameAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(StreamNameAdvice.class);
    private static final int REMEMBERED = 1_000;

    /** Names warned of already. */
    private static final Set<String> GIVEN = ConcurrentHashMap.newKeySet();

    private StreamNameAdvice() {}

    /** Returns the advice if it was given now. */
    static @Nullable String give(@Nullable String stream) {
        String advice = stream == null ? null : Subjects.streamNameAdvice(stream);
        if (advice == null || stream == null || GIVEN.size() >= REMEMBERED || !GIVEN.add(stream)) {
            return null;
        }
        LOG.warn("{}", advice);
        return advice;
    }
}

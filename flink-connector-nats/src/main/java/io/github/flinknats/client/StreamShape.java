// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** How a stream is configured, as far as reading depends on it. */
@Internal
public final class StreamShape implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> subjects;
    private final String retention;
    private final boolean fedByStreams;
    private final boolean limitedPerSubject;

    private StreamShape(
            List<String> subjects,
            String retention,
            boolean fedByStreams,
            boolean limitedPerSubject) {
        this.subjects = new ArrayList<>(subjects);
        this.retention = retention;
        this.fedByStreams = fedByStreams;
        this.limitedPerSubject = limitedPerSubject;
    }

    static StreamShape of(
            List<String> subjects,
            String retention,
            boolean fedByStreams,
            boolean limitedPerSubject) {
        return new StreamShape(subjects, retention, fedByStreams, limitedPerSubject);
    }

    /** The subjects that the stream listens to. */
    public List<String> subjects() {
        return Collections.unmodifiableList(subjects);
    }

    /** Whether messages may be read any number of times: not so in work queues. */
    public boolean isReplayable() {
        return retention.equals("limits");
    }

    /** {@code limits}, {@code interest} or {@code workqueue}. */
    public String retention() {
        return retention;
    }

    /**
     * Whether stored subjects can differ from {@link #subjects()}, because the stream mirrors or
     * sources others or transforms subjects.
     */
    public boolean isFedByStreams() {
        return fedByStreams;
    }

    /** Whether newer messages of a subject push out older ones, so that gaps are normal. */
    public boolean isLimitedPerSubject() {
        return limitedPerSubject;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof StreamShape)) {
            return false;
        }
        StreamShape that = (StreamShape) other;
        return subjects.equals(that.subjects)
                && retention.equals(that.retention)
                && fedByStreams == that.fedByStreams
                && limitedPerSubject == that.limitedPerSubject;
    }

    @Override
    public int hashCode() {
        return Objects.hash(subjects, retention, fedByStreams, limitedPerSubject);
    }

    @Override
    public String toString() {
        return subjects + ", retention " + retention;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.source.split.NatsSplit;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What the enumerator keeps in a checkpoint: what has been planned so far, which happens once for
 * each stream and filter in the life of a job, and the splits that no reader has.
 */
@Internal
public final class EnumeratorState implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @Nullable Planned planned;
    private final ArrayList<NatsSplit> unassigned;

    private EnumeratorState(@Nullable Planned planned, List<NatsSplit> unassigned) {
        this.planned = planned;
        this.unassigned = new ArrayList<>(unassigned);
    }

    /** Nothing has been resolved yet. */
    static EnumeratorState unplanned() {
        return new EnumeratorState(null, Collections.emptyList());
    }

    static EnumeratorState of(Planned planned, List<NatsSplit> unassigned) {
        return new EnumeratorState(planned, unassigned);
    }

    /** What has been planned, null before the first time. */
    @Nullable Planned planned() {
        return planned;
    }

    List<NatsSplit> unassigned() {
        return Collections.unmodifiableList(unassigned);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EnumeratorState
                && Objects.equals(planned, ((EnumeratorState) other).planned)
                && unassigned.equals(((EnumeratorState) other).unassigned);
    }

    @Override
    public int hashCode() {
        return Objects.hash(planned, unassigned);
    }

    @Override
    public String toString() {
        return planned == null
                ? "not planned"
                : "planned " + planned + ", unassigned " + unassigned;
    }
}

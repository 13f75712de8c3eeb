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
 * What the enumerator keeps in a checkpoint: whether the positions have been resolved, which
 * happens once in the life of a job, and the splits that no reader has.
 */
@Internal
public final class EnumeratorState implements Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean planned;
    private final ArrayList<NatsSplit> unassigned;

    private EnumeratorState(boolean planned, List<NatsSplit> unassigned) {
        this.planned = planned;
        this.unassigned = new ArrayList<>(unassigned);
    }

    /** Nothing has been resolved yet. */
    static EnumeratorState unplanned() {
        return new EnumeratorState(false, Collections.emptyList());
    }

    static EnumeratorState planned(List<NatsSplit> unassigned) {
        return new EnumeratorState(true, unassigned);
    }

    boolean isPlanned() {
        return planned;
    }

    List<NatsSplit> unassigned() {
        return Collections.unmodifiableList(unassigned);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EnumeratorState
                && planned == ((EnumeratorState) other).planned
                && unassigned.equals(((EnumeratorState) other).unassigned);
    }

    @Override
    public int hashCode() {
        return Objects.hash(planned, unassigned);
    }

    @Override
    public String toString() {
        return planned ? "planned, unassigned " + unassigned : "not planned";
    }
}

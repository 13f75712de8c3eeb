// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import io.github.flinknats.subject.Subjects;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * A durable consumer to read through by acknowledging, which is the only way to read work-queue and
 * interest streams. It belongs to one job: nobody else may read from it.
 */
@PublicEvolving
public final class DurableConsumer implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final boolean createdIfMissing;

    private DurableConsumer(String name, boolean createdIfMissing) {
        this.name = name;
        this.createdIfMissing = createdIfMissing;
    }

    /**
     * A consumer that exists.
     *
     * @throws IllegalArgumentException for a name that JetStream refuses
     */
    public static DurableConsumer named(String name) {
        String problem = Subjects.consumerNameProblem(name);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return new DurableConsumer(name, false);
    }

    /** The same consumer, to be made when it does not exist. */
    public DurableConsumer createdIfMissing() {
        return new DurableConsumer(name, true);
    }

    public String name() {
        return name;
    }

    public boolean isCreatedIfMissing() {
        return createdIfMissing;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DurableConsumer
                && name.equals(((DurableConsumer) other).name)
                && createdIfMissing == ((DurableConsumer) other).createdIfMissing;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, createdIfMissing);
    }

    @Override
    public String toString() {
        return name + (createdIfMissing ? " (created if missing)" : "");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.enumerator;

import io.github.flinknats.client.Failures;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.subject.SubjectFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.annotation.Internal;

/** What a restored job is to read, compared with what has been planned before. */
@Internal
final class PlanChange {
    private final ReadPlan plan;
    private final Planned planned;
    private final Failures failures;

    PlanChange(ReadPlan plan, Planned planned, Failures failures) {
        this.plan = plan;
        this.planned = planned;
        this.failures = failures;
    }

    /** Whether streams or filters have come or gone. */
    boolean isAny() {
        return planned.isKnown()
                && (!planned.allFilters().equals(new HashSet<>(Planned.written(plan.filters())))
                        || !(plan.streams().isEmpty()
                                || planned.streams().equals(new HashSet<>(plan.streams())))
                        || planned.ordering() != plan.ordering());
    }

    /**
     * Refuses what cannot be read without a gap or twice.
     *
     * @throws io.github.flinknats.client.NatsFailure saying why, and what to do
     */
    void check() {
        Set<String> before = planned.allFilters();
        boolean oneSplit = planned.streams().size() <= 1 && before.size() <= 1;
        if (planned.ordering() != plan.ordering() && !oneSplit) {
            throw failures.cannotChange(
                    plan.target(),
                    "'scan.ordering' was '"
                            + planned.ordering()
                            + "' and is '"
                            + plan.ordering()
                            + "', so its subjects are at different positions",
                    "set it back");
        }
        List<String> added = new ArrayList<>(Planned.written(plan.filters()));
        added.removeAll(before);
        for (String filter : added) {
            refuseOverlap(filter, before);
        }
        Set<String> stay = new LinkedHashSet<>(planned.streams());
        if (!plan.streams().isEmpty()) {
            stay.retainAll(plan.streams());
        }
        boolean joins = plan.start().kind() == StartPosition.Kind.LATEST;
        if (plan.ordering() == Ordering.STREAM && !added.isEmpty() && !stay.isEmpty() && !joins) {
            throw failures.cannotChange(
                    plan.target(),
                    "all subjects are read as one, in the order of the stream, and the older"
                            + " messages of "
                            + added
                            + " would come after newer ones of the others",
                    "set 'scan.startup.mode' = 'latest', which lets the new subjects join where"
                            + " the others are");
        }
    }

    private void refuseOverlap(String filter, Set<String> before) {
        for (String other : before) {
            if (SubjectFilter.parse(filter).overlaps(SubjectFilter.parse(other))) {
                throw failures.cannotChange(
                        plan.target(),
                        "the subjects '"
                                + filter
                                + "' are new and overlap '"
                                + other
                                + "', of which a part has been read",
                        "keep '" + other + "' and add subjects that it does not cover");
            }
        }
    }
}

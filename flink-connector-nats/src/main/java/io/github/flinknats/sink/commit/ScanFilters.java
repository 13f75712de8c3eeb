// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Few filters that let the subjects of a commit through, and as little else as can be had. */
final class ScanFilters {
    private static final int MOST = 16;

    private ScanFilters() {}

    /** Empty for everything. */
    static List<String> of(CommitTrace trace) {
        List<String> subjects = new ArrayList<>();
        trace.subjects().forEach(subjects::add);
        Collections.sort(subjects);
        if (trace.isWhole()) {
            return Collections.emptyList();
        }
        if (subjects.size() <= MOST) {
            return Collections.unmodifiableList(subjects);
        }
        // What the first and the last of a sorted list have in common, all have.
        List<String> common =
                common(tokens(subjects.get(0)), tokens(subjects.get(subjects.size() - 1)));
        return common.isEmpty()
                ? Collections.emptyList()
                : Collections.singletonList(String.join(".", common) + ".>");
    }

    private static List<String> tokens(String subject) {
        return Arrays.asList(subject.split("\\.", -1));
    }

    /** The tokens that both begin with, and that do not end either. */
    private static List<String> common(List<String> one, List<String> other) {
        List<String> common = new ArrayList<>();
        int most = Math.min(one.size(), other.size()) - 1;
        for (int i = 0; i < most && one.get(i).equals(other.get(i)); i++) {
            common.add(one.get(i));
        }
        return common;
    }
}

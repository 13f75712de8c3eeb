// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.table.row.RowShape;
import io.github.flinknats.table.row.SubjectColumns;
import io.github.flinknats.table.row.TableLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Splits the columns that a query reads into those that the format decodes and those that stand in
 * the subject, and knows how to put them together again.
 */
final class PayloadColumns {
    private final @Nullable List<List<Integer>> decoded;
    private final @Nullable List<Integer> positions;
    private final @Nullable SubjectColumns subject;

    private PayloadColumns(
            @Nullable List<List<Integer>> decoded,
            @Nullable List<Integer> positions,
            @Nullable SubjectColumns subject) {
        this.decoded = decoded;
        this.positions = positions;
        this.subject = subject;
    }

    /**
     * @param projects whether the format can decode a part of its columns
     * @param formatMetadata how many columns of metadata the format appends
     */
    static PayloadColumns of(TableLayout layout, boolean projects, int formatMetadata) {
        List<List<Integer>> wanted = layout.projection();
        SubjectColumns subject = layout.columns().subject();
        if (wanted == null && subject == null) {
            return new PayloadColumns(null, null, null);
        }
        List<List<Integer>> paths = wanted == null ? all(layout) : wanted;
        List<Integer> inSubject = subject == null ? Collections.emptyList() : subject.positions();
        List<Integer> inPayload = layout.columns().inPayload();
        List<List<Integer>> decoded = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (List<Integer> path : paths) {
            int column = inSubject.indexOf(path.get(0));
            if (column >= 0) {
                positions.add(column);
            } else {
                List<Integer> inner = new ArrayList<>(path);
                inner.set(0, inPayload.indexOf(path.get(0)));
                positions.add(inSubject.size() + (projects ? decoded.size() : inner.get(0)));
                decoded.add(inner);
            }
        }
        int behind = inSubject.size() + (projects ? decoded.size() : inPayload.size());
        IntStream.range(behind, behind + formatMetadata).forEach(positions::add);
        // A projecting format brings the columns in their order, when nothing comes in between.
        boolean asDecoded = projects && subject == null;
        return new PayloadColumns(projects ? decoded : null, asDecoded ? null : positions, subject);
    }

    private static List<List<Integer>> all(TableLayout layout) {
        return IntStream.range(0, DataType.getFieldCount(layout.columns().physical()))
                .mapToObj(Collections::singletonList)
                .collect(Collectors.toList());
    }

    /** What the format is to decode of its columns, or null for all of them. */
    int @Nullable [][] paths() {
        return decoded == null
                ? null
                : decoded.stream()
                        .map(path -> path.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new);
    }

    /** The shape of rows that are put together of both. */
    RowShape applyTo(RowShape shape) {
        List<Integer> all = positions;
        if (all == null) {
            return shape;
        }
        return subject == null ? shape.withColumns(all) : shape.withSubject(subject, all);
    }
}

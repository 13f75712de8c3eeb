// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.record;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a message: several values per name, names as spelled by the writer (NATS compares
 * them with case). Immutable.
 */
@PublicEvolving
public final class Headers implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Headers EMPTY = new Headers(Collections.emptyMap());

    private final Map<String, List<String>> values;

    private Headers(Map<String, List<String>> values) {
        this.values = values;
    }

    /** No headers. */
    public static Headers empty() {
        return EMPTY;
    }

    /** Copies the map and its lists; a name without values is left out. */
    public static Headers of(Map<String, List<String>> values) {
        LinkedHashMap<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach(
                (name, list) -> {
                    if (!list.isEmpty()) {
                        copy.put(name, Collections.unmodifiableList(new ArrayList<>(list)));
                    }
                });
        return copy.isEmpty() ? EMPTY : new Headers(Collections.unmodifiableMap(copy));
    }

    /** All headers, in the order in which their names first came. */
    public Map<String, List<String>> asMap() {
        return values;
    }

    /** The values of a name, empty when it is absent. */
    public List<String> all(String name) {
        return values.getOrDefault(name, Collections.emptyList());
    }

    /** The first value of a name, null when it is absent. */
    public @Nullable String first(String name) {
        List<String> list = values.get(name);
        return list == null ? null : list.get(0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers && values.equals(((Headers) other).values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.table.config.OptionProblems;
import io.github.flinknats.table.row.ReadableMetadata;
import io.github.flinknats.table.row.WritableMetadata;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.FormatFactory;
import org.jspecify.annotations.Nullable;

/**
 * Says which option, value or metadata key was probably meant. Whether options exist is for Flink
 * to decide, which also knows those of the format and its own; only what it refuses is looked at.
 */
final class Spellcheck {
    private final DynamicTableFactory.Context context;
    private final Class<? extends FormatFactory> formats;

    Spellcheck(DynamicTableFactory.Context context, Class<? extends FormatFactory> formats) {
        this.context = context;
        this.formats = formats;
    }

    /** What Flink finds, with a better reason when it refuses. */
    <T> T explain(Supplier<T> validation) {
        try {
            return validation.get();
        } catch (ValidationException e) {
            String problem = optionProblem();
            throw problem == null ? e : new ValidationException(problem, e);
        }
    }

    private @Nullable String optionProblem() {
        Map<String, String> options = context.getCatalogTable().getOptions();
        String identifier = options.get(FactoryUtil.FORMAT.key());
        FormatFactory format = format(identifier);
        Set<String> ofFormat = new LinkedHashSet<>();
        if (format != null) {
            OptionProblems.keys(format.requiredOptions())
                    .forEach(key -> ofFormat.add(identifier + "." + key));
            OptionProblems.keys(format.optionalOptions())
                    .forEach(key -> ofFormat.add(identifier + "." + key));
        }
        String problem =
                OptionProblems.unknown(
                        options.keySet(),
                        format == null ? null : identifier,
                        ofFormat,
                        prefix -> format(prefix) != null);
        return problem == null ? OptionProblems.values(options) : problem;
    }

    private @Nullable FormatFactory format(@Nullable String identifier) {
        if (identifier == null) {
            return null;
        }
        try {
            return FactoryUtil.discoverFactory(context.getClassLoader(), formats, identifier);
        } catch (ValidationException e) {
            return null; // There is none of that name.
        }
    }

    /** Refuses columns with metadata that cannot be read. */
    void checkReadable(Set<String> ofFormat) {
        Set<String> known = readable();
        known.addAll(ofFormat);
        Set<String> elsewhere = writable();
        context.getCatalogTable().getResolvedSchema().getColumns().stream()
                .filter(Column.MetadataColumn.class::isInstance)
                .forEach(column -> check(column, "read", known, elsewhere));
    }

    /** Refuses columns with metadata that cannot be written. */
    void checkWritable() {
        context.getCatalogTable().getResolvedSchema().getColumns().stream()
                .filter(Column.MetadataColumn.class::isInstance)
                .filter(Column::isPersisted)
                .forEach(column -> check(column, "written", writable(), readable()));
    }

    private static void check(Column column, String use, Set<String> known, Set<String> elsewhere) {
        String key = ((Column.MetadataColumn) column).getMetadataKey().orElse(column.getName());
        if (!known.contains(key)) {
            throw new ValidationException(
                    OptionProblems.metadata(column.getName(), key, use, known, elsewhere));
        }
    }

    private static Set<String> readable() {
        return Arrays.stream(ReadableMetadata.values())
                .map(ReadableMetadata::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<String> writable() {
        return Arrays.stream(WritableMetadata.values())
                .map(WritableMetadata::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}

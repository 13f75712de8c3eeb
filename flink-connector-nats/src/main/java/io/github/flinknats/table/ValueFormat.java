// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.table.row.RowReader;
import io.github.flinknats.table.row.RowRules;
import io.github.flinknats.table.row.RowShape;
import io.github.flinknats.table.row.TableLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.RowKind;

/**
 * The format of the payload. A {@link DecodingFormat} keeps what was applied to it, so every
 * decoder gets a fresh one and copies of a table share nothing that changes.
 */
final class ValueFormat {

    /**
     * Formats that decode a part of the columns rightly. The others decode all columns and lose the
     * rest afterwards: {@code avro}, for one, takes the columns that are read for the schema that
     * was written.
     */
    private static final Set<String> PROJECTING =
            Collections.unmodifiableSet(
                    new HashSet<>(
                            Arrays.asList(
                                    "json",
                                    "csv",
                                    "debezium-json",
                                    "canal-json",
                                    "maxwell-json",
                                    "ogg-json")));

    private final String identifier;
    private final Supplier<DecodingFormat<DeserializationSchema<RowData>>> formats;
    private final DecodingFormat<DeserializationSchema<RowData>> untouched;
    private final boolean lenient;

    ValueFormat(
            String identifier, Supplier<DecodingFormat<DeserializationSchema<RowData>>> formats) {
        this(identifier, formats, false);
    }

    /**
     * @param lenient whether the format was told to ignore what it cannot read, by an option of its
     *     own: then it may ignore what is empty, too
     */
    ValueFormat(
            String identifier,
            Supplier<DecodingFormat<DeserializationSchema<RowData>>> formats,
            boolean lenient) {
        this.identifier = identifier;
        this.formats = formats;
        this.untouched = formats.get();
        this.lenient = lenient;
    }

    /** Refuses a table that the format cannot serve. */
    void check(boolean hasKey) {
        ChangelogMode mode = untouched.getChangelogMode();
        if (!hasKey
                && mode.contains(RowKind.UPDATE_AFTER)
                && !mode.contains(RowKind.UPDATE_BEFORE)) {
            throw new ValidationException(
                    String.format(
                            "The format '%s' emits updates without the rows they replace: declare"
                                    + " the columns that identify a row as PRIMARY KEY (...) NOT"
                                    + " ENFORCED.",
                            identifier));
        }
    }

    /** A key makes a table of inserts one of upserts; a changelog stays what it is. */
    ChangelogMode changelogMode(boolean hasKey) {
        return isUpsert(hasKey) ? ChangelogMode.upsert() : untouched.getChangelogMode();
    }

    private boolean isUpsert(boolean hasKey) {
        return hasKey && isInsertOnly();
    }

    private boolean isInsertOnly() {
        return untouched.getChangelogMode().containsOnly(RowKind.INSERT);
    }

    boolean supportsNestedProjection() {
        return projects() && ((ProjectableDecodingFormat<?>) untouched).supportsNestedProjection();
    }

    private boolean projects() {
        return PROJECTING.contains(identifier) && untouched instanceof ProjectableDecodingFormat;
    }

    /** Metadata of the format, by keys with their prefix. */
    Map<String, DataType> metadata() {
        Map<String, DataType> metadata = new LinkedHashMap<>();
        untouched
                .listReadableMetadata()
                .forEach((key, type) -> metadata.put(TableLayout.FORMAT_PREFIX + key, type));
        return metadata;
    }

    /** A decoder of messages to the rows that the layout describes. */
    RowReader reader(DynamicTableSource.Context context, TableLayout layout) {
        DecodingFormat<DeserializationSchema<RowData>> format = formats.get();
        List<String> formatMetadata = layout.formatMetadata();
        if (!formatMetadata.isEmpty()) {
            format.applyReadableMetadata(formatMetadata);
        }
        RowShape shape =
                RowShape.asDecoded(layout.types())
                        .withMetadata(layout.metadata())
                        .withRules(rules(layout));
        PayloadColumns payload = PayloadColumns.of(layout, projects(), formatMetadata.size());
        DataType type = layout.columns().payload();
        int[][] paths = payload.paths();
        DeserializationSchema<RowData> decoder =
                paths == null
                        ? format.createRuntimeDecoder(context, type)
                        : ((ProjectableDecodingFormat<DeserializationSchema<RowData>>) format)
                                .createRuntimeDecoder(context, type, paths);
        return new RowReader(
                decoder, payload.applyTo(shape), context.createTypeInformation(layout.produced()));
    }

    private RowRules rules(TableLayout layout) {
        RowRules rules = RowRules.none();
        if (isUpsert(layout.hasKey())) {
            rules = rules.asUpsert(layout.keyInPayload());
        }
        if (isInsertOnly()) {
            // A changelog may have messages without rows, tombstones for one, and rows in parts.
            rules = rules.withRequired(layout.notNull()).withMarkersAsRows();
            rules = lenient ? rules : rules.expectingValues();
        }
        return rules;
    }
}

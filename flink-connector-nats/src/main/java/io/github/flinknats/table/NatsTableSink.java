// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.sink.NatsSink;
import io.github.flinknats.table.config.FieldsInclude;
import io.github.flinknats.table.config.NatsOptions;
import io.github.flinknats.table.config.NatsSinkOptions;
import io.github.flinknats.table.config.SinkSettings;
import io.github.flinknats.table.row.RowKey;
import io.github.flinknats.table.row.RowWriter;
import io.github.flinknats.table.row.SubjectTarget;
import io.github.flinknats.table.row.WritableMetadata;
import io.github.flinknats.table.row.WriteShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/** A table as the planner sees it that writes. */
@OwnedBy(ThreadRole.PLAN)
final class NatsTableSink implements DynamicTableSink, SupportsWritingMetadata {
    private final SinkSettings settings;
    private final Supplier<EncodingFormat<SerializationSchema<RowData>>> formats;
    private final DataType physical;
    private final RowKey key;
    private List<String> metadataKeys = Collections.emptyList();

    /**
     * A table to write to.
     *
     * @param formats makes a fresh format, because one keeps what was applied to it
     * @param physical the row of the physical columns
     */
    NatsTableSink(
            SinkSettings settings,
            Supplier<EncodingFormat<SerializationSchema<RowData>>> formats,
            DataType physical,
            List<String> key) {
        this.settings = settings;
        this.formats = formats;
        this.physical = physical;
        this.key = RowKey.of(key, rowType());
    }

    private RowType rowType() {
        return (RowType) physical.getLogicalType();
    }

    @Override
    public DynamicTableSink copy() {
        NatsTableSink copy = new NatsTableSink(settings, formats, physical, key.names());
        copy.metadataKeys = metadataKeys;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return "NATS";
    }

    /**
     * With a key and a format of inserts, updates and deletes are taken. The rows that updates
     * replace are wanted only where their subject may be another one, to delete them there. Where
     * the key makes the subject, a delete may say the key alone: since 2.1 Flink then need not keep
     * the table to complete it. But it checks deletes, too, for NULL in columns that are NOT NULL
     * (FLINK-40303), so a table with such columns gets whole rows.
     */
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        ChangelogMode encodable = formats.get().getChangelogMode();
        if (!isUpsert(encodable)) {
            return encodable;
        }
        boolean mayMove = shape(subject()).mayMove();
        if (!mayMove && isKeyEnough() && requested.contains(RowKind.DELETE)) {
            return ChangelogMode.upsert();
        }
        ChangelogMode.Builder accepted = ChangelogMode.newBuilder();
        for (RowKind kind : requested.getContainedKinds()) {
            if (kind != RowKind.UPDATE_BEFORE || mayMove) {
                accepted.addContainedKind(kind);
            }
        }
        return accepted.build();
    }

    private boolean isKeyEnough() {
        return metadataKeys.isEmpty()
                && DataType.getFields(physical).stream()
                        .filter(field -> !key.names().contains(field.getName()))
                        .allMatch(field -> field.getDataType().getLogicalType().isNullable());
    }

    private boolean isUpsert(ChangelogMode encodable) {
        return !key.isEmpty() && encodable.containsOnly(RowKind.INSERT);
    }

    @Override
    public Map<String, DataType> listWritableMetadata() {
        Map<String, DataType> metadata = new LinkedHashMap<>();
        for (WritableMetadata own : WritableMetadata.values()) {
            metadata.put(own.key(), own.type());
        }
        return metadata;
    }

    @Override
    public void applyWritableMetadata(List<String> keys, DataType consumedDataType) {
        metadataKeys = new ArrayList<>(keys);
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        EncodingFormat<SerializationSchema<RowData>> format = formats.get();
        boolean upsert = isUpsert(format.getChangelogMode());
        SubjectTarget subject = subject();
        checkSubject(subject);
        if (upsert && subject != null) {
            checkKey(subject);
        }
        if (!upsert && settings.writeSettings().flush().isOn()) {
            throw new ValidationException(
                    "'sink.buffer-flush' keeps the last row of each key, and the table has no"
                            + " PRIMARY KEY, or a format that writes every change: remove the"
                            + " options.");
        }
        checkPayload(subject);
        DataType encoded = Projection.of(ints(payload(subject))).project(physical);
        WriteShape shape = shape(subject);
        RowWriter writer =
                new RowWriter(
                        format.createRuntimeEncoder(context, encoded),
                        upsert ? shape.asUpsert() : shape,
                        DataType.getFieldCount(physical));
        NatsSink<RowData> sink =
                NatsSink.<RowData>builder()
                        .setConnection(settings.connection())
                        .setWriteSettings(settings.writeSettings())
                        .setSerializer(lineageSubject(), writer)
                        .requireCheckpoints()
                        .build();
        return SinkV2Provider.of(sink, settings.parallelism());
    }

    /** Where a column has the subject, rows go anywhere. */
    private String lineageSubject() {
        String text = settings.subject();
        return text == null || metadataKeys.contains(WritableMetadata.SUBJECT.key()) ? "" : text;
    }

    private WriteShape shape(@Nullable SubjectTarget subject) {
        return WriteShape.of(subject, payload(subject), key)
                .withMetadata(
                        metadataKeys.stream()
                                .map(NatsTableSink::known)
                                .collect(Collectors.toList()));
    }

    private static WritableMetadata known(String name) {
        return Objects.requireNonNull(WritableMetadata.of(name), name);
    }

    private @Nullable SubjectTarget subject() {
        String text = settings.subject();
        try {
            return text == null ? null : SubjectTarget.of(text, rowType());
        } catch (IllegalArgumentException e) {
            throw new ValidationException(e.getMessage(), e);
        }
    }

    private void checkSubject(@Nullable SubjectTarget subject) {
        if (subject == null && !metadataKeys.contains(WritableMetadata.SUBJECT.key())) {
            throw new ValidationException(
                    String.format(
                            "The table does not say to which subject its rows are written: '%s' is"
                                    + " not one subject without wildcards. Set '%s' to a subject or"
                                    + " to a template such as 'orders.{region}.{id}', or declare a"
                                    + " column with METADATA FROM '%s'.",
                            NatsOptions.SUBJECT.key(),
                            NatsSinkOptions.SINK_SUBJECT.key(),
                            WritableMetadata.SUBJECT.key()));
        }
    }

    private void checkKey(SubjectTarget subject) {
        List<String> missing = subject.missing(key.names());
        if (!missing.isEmpty()) {
            throw new ValidationException(
                    String.format(
                            "The columns %s of the PRIMARY KEY are not in the subject '%s', so that"
                                    + " rows of different keys would overwrite one another: set"
                                    + " '%s' to a template with every column of the key, as in"
                                    + " 'orders.%s'.",
                            missing,
                            subject,
                            NatsSinkOptions.SINK_SUBJECT.key(),
                            key.names().stream()
                                    .map(name -> "{" + name + "}")
                                    .collect(Collectors.joining("."))));
        }
    }

    private List<Integer> payload(@Nullable SubjectTarget subject) {
        List<Integer> payload =
                IntStream.range(0, DataType.getFieldCount(physical))
                        .boxed()
                        .collect(Collectors.toList());
        if (settings.fields() == FieldsInclude.EXCEPT_SUBJECT && subject != null) {
            payload.removeAll(subject.positions());
        }
        return payload;
    }

    private void checkPayload(@Nullable SubjectTarget subject) {
        if (payload(subject).isEmpty()) {
            throw new ValidationException(
                    String.format(
                            "Every column is in the subject, and with '%s' = '%s' nothing is left"
                                    + " for the payload: remove the option.",
                            NatsSinkOptions.VALUE_FIELDS_INCLUDE.key(),
                            FieldsInclude.EXCEPT_SUBJECT));
        }
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.table.config.NatsOptions;
import io.github.flinknats.table.config.OptionReader;
import io.github.flinknats.table.config.ScanSettings;
import io.github.flinknats.table.config.SinkOptionReader;
import io.github.flinknats.table.config.TableRules;
import io.github.flinknats.table.row.SubjectColumns;
import io.github.flinknats.table.row.TableColumns;
import io.github.flinknats.table.row.TableLayout;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/** Makes tables with {@code 'connector' = 'nats'}. */
@Internal
public final class NatsTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {

    /** The value of {@code connector}. */
    public static final String IDENTIFIER = "nats";

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return NatsOptions.required();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return NatsOptions.optional();
    }

    @Override
    public Set<ConfigOption<?>> forwardOptions() {
        return NatsOptions.forwarded();
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        ReadableConfig options = helper.getOptions();
        Spellcheck spelling = new Spellcheck(context, DeserializationFormatFactory.class);
        ValueFormat format = spelling.explain(() -> validFormat(helper, context));
        spelling.checkReadable(format.metadata().keySet());
        TableRules.checkSpelling(context.getCatalogTable().getOptions().keySet());
        TableRules.check(options);

        OptionReader reader = new OptionReader(options, context.getConfiguration());
        TableColumns columns = columns(context, reader);
        format.check(columns.hasKey());
        ScanSettings settings =
                reader.scan(context.getObjectIdentifier().getObjectName(), columns.key())
                        .withBatch(
                                context.getConfiguration().get(ExecutionOptions.RUNTIME_MODE)
                                        == RuntimeExecutionMode.BATCH);
        settings.plan().streams().forEach(StreamNameAdvice::give);
        return new NatsTableSource(
                settings,
                format,
                StoreTimeWatermarks.of(options, context.getConfiguration()),
                TableLayout.of(columns));
    }

    private ValueFormat validFormat(FactoryUtil.TableFactoryHelper helper, Context context) {
        FactoryUtil.validateFactoryOptions(this, helper.getOptions());
        String identifier = helper.getOptions().get(FactoryUtil.FORMAT);
        ValueFormat format =
                new ValueFormat(
                        identifier,
                        () ->
                                helper.discoverDecodingFormat(
                                        DeserializationFormatFactory.class, FactoryUtil.FORMAT),
                        Boolean.parseBoolean(
                                context.getCatalogTable()
                                        .getOptions()
                                        .get(identifier + ".ignore-parse-errors")));
        helper.validate();
        return format;
    }

    private static TableColumns columns(Context context, OptionReader reader) {
        DataType physical = context.getPhysicalRowDataType();
        List<String> names = DataType.getFieldNames(physical);
        List<Integer> key =
                context
                        .getCatalogTable()
                        .getResolvedSchema()
                        .getPrimaryKey()
                        .map(UniqueConstraint::getColumns)
                        .orElse(Collections.emptyList())
                        .stream()
                        .map(names::indexOf)
                        .collect(Collectors.toList());
        return TableColumns.of(physical)
                .withKey(key)
                .withSubject(
                        reader.ofTemplate(
                                template ->
                                        SubjectColumns.of(
                                                template, (RowType) physical.getLogicalType())));
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        ReadableConfig options = helper.getOptions();
        Spellcheck spelling = new Spellcheck(context, SerializationFormatFactory.class);
        Supplier<EncodingFormat<SerializationSchema<RowData>>> formats =
                spelling.explain(() -> validFormats(helper));
        spelling.checkWritable();
        TableRules.checkSpelling(context.getCatalogTable().getOptions().keySet());
        TableRules.check(options);
        return new NatsTableSink(
                new SinkOptionReader(options, context.getConfiguration())
                        .sink(context.getObjectIdentifier().getObjectName()),
                formats,
                context.getPhysicalRowDataType(),
                context.getCatalogTable()
                        .getResolvedSchema()
                        .getPrimaryKey()
                        .map(UniqueConstraint::getColumns)
                        .orElse(Collections.emptyList()));
    }

    private Supplier<EncodingFormat<SerializationSchema<RowData>>> validFormats(
            FactoryUtil.TableFactoryHelper helper) {
        FactoryUtil.validateFactoryOptions(this, helper.getOptions());
        Supplier<EncodingFormat<SerializationSchema<RowData>>> formats =
                () ->
                        helper.discoverEncodingFormat(
                                SerializationFormatFactory.class, FactoryUtil.FORMAT);
        EncodingFormat<SerializationSchema<RowData>> unused = formats.get();
        helper.validate();
        return formats;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.table.config.NatsOptions;
import io.github.flinknats.table.config.OptionReader;
import io.github.flinknats.table.config.ScanSettings;
import io.github.flinknats.table.config.TableRules;
import io.github.flinknats.table.row.TableLayout;
import java.util.Set;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** Makes tables with {@code 'connector' = 'nats'}. */
@Internal
public final class NatsTableFactory implements DynamicTableSourceFactory {

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
        FactoryUtil.validateFactoryOptions(this, options);
        String identifier = options.get(FactoryUtil.FORMAT);
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
        TableRules.checkSpelling(context.getCatalogTable().getOptions().keySet());
        TableRules.check(options);

        boolean hasKey = context.getCatalogTable().getResolvedSchema().getPrimaryKey().isPresent();
        format.check(hasKey);
        ScanSettings settings =
                new OptionReader(options, context.getConfiguration())
                        .scan(context.getObjectIdentifier().getObjectName(), hasKey);
        settings.plan().streams().forEach(StreamNameAdvice::give);
        return new NatsTableSource(
                settings,
                format,
                StoreTimeWatermarks.of(options, context.getConfiguration()),
                TableLayout.of(context.getPhysicalRowDataType(), hasKey));
    }
}

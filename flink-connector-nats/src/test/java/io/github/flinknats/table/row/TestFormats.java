// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import io.github.flinknats.record.NatsRecordDeserializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.testutils.source.deserialization.TestingDeserializationContext;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.RowRowConverter;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.runtime.connector.source.ScanRuntimeProviderContext;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;

/** Real formats, and what they make of a message. */
public final class TestFormats {
    public static final DynamicTableSource.Context CONTEXT = ScanRuntimeProviderContext.INSTANCE;

    private TestFormats() {}

    /**
     * A fresh format.
     *
     * @param options as {@code key=value}, without the format's prefix
     */
    public static DecodingFormat<DeserializationSchema<RowData>> format(
            String identifier, String... options) {
        ClassLoader loader = TestFormats.class.getClassLoader();
        Map<String, String> settings = new HashMap<>();
        for (String option : options) {
            String[] pair = option.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        ResolvedCatalogTable table =
                new ResolvedCatalogTable(
                        CatalogTable.newBuilder().schema(Schema.newBuilder().build()).build(),
                        ResolvedSchema.of());
        return FactoryUtil.discoverFactory(loader, DeserializationFormatFactory.class, identifier)
                .createDecodingFormat(
                        new FactoryUtil.DefaultDynamicTableContext(
                                ObjectIdentifier.of("c", "d", "t"),
                                table,
                                Map.of(),
                                new Configuration(),
                                loader,
                                false),
                        Configuration.fromMap(settings));
    }

    /** Opens the reader and returns its rows as users see them. */
    public static List<Row> read(
            NatsRecordDeserializer<RowData> reader, DataType type, TestRecord... messages)
            throws Exception {
        reader.open(new TestingDeserializationContext());
        List<Row> rows = new ArrayList<>();
        RowRowConverter converter = RowRowConverter.create(type);
        converter.open(TestFormats.class.getClassLoader());
        for (TestRecord message : messages) {
            reader.deserialize(message, collector(row -> rows.add(converter.toExternal(row))));
        }
        return rows;
    }

    /** Hands rows on. */
    public static Collector<RowData> collector(RowConsumer consumer) {
        return new Collector<RowData>() {
            @Override
            public void collect(RowData row) {
                consumer.accept(row);
            }

            @Override
            public void close() {}
        };
    }

    /** Takes a row. */
    public interface RowConsumer {
        void accept(RowData row);
    }
}

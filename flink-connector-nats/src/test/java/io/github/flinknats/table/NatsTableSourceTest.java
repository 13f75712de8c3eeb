// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.BOOLEAN;
import static org.apache.flink.table.api.DataTypes.FIELD;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.ROW;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.PlanReference;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.runtime.connector.source.ScanRuntimeProviderContext;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

class NatsTableSourceTest {
    private static final DataType PHYSICAL = ROW(FIELD("id", INT()), FIELD("name", STRING()));

    private final TableEnvironment env =
            TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    @Test
    void overwritesRowsByTheirKey() {
        table("id INT, name STRING, note STRING, PRIMARY KEY (id) NOT ENFORCED", "");

        assertThat(env.explainSql("SELECT note FROM t", ExplainDetail.CHANGELOG_MODE))
                .contains("ChangelogNormalize(key=[id], changelogMode=[I,UA,D])")
                .contains(
                        "TableSourceScan(table=[[default_catalog, default_database, t,"
                                + " project=[note, id], metadata=[]]], fields=[note, id],"
                                + " changelogMode=[I,UA,D])");
    }

    @Test
    void takesAChangelogOfTheFormatAsItIs() {
        env.executeSql(
                "CREATE TABLE t (id INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='nats',"
                        + " 'nats.server-url'='h', 'nats.subject'='a', 'format'='debezium-json')");

        assertThat(env.explainSql("SELECT * FROM t", ExplainDetail.CHANGELOG_MODE))
                .contains("fields=[id], changelogMode=[I,UB,UA,D])")
                .doesNotContain("ChangelogNormalize");
    }

    @Test
    void readsOnlyWhatTheQueryNeeds() {
        table(
                "id INT, name STRING, subj STRING METADATA FROM 'subject', seq BIGINT METADATA FROM 'sequence'",
                "");

        assertThat(env.explainSql("SELECT seq, name FROM t"))
                .contains("project=[name], metadata=[sequence]]], fields=[name, seq])");
        assertThat(env.explainSql("SELECT subj FROM t"))
                .contains("project=[], metadata=[subject]]], fields=[subj])");
        assertThat(env.explainSql("SELECT id FROM t"))
                .contains("project=[id], metadata=[]]], fields=[id])");
    }

    @Test
    void readsNestedColumns() {
        table("id INT, who ROW<name STRING, addr ROW<city STRING, zip INT>>", "");

        assertThat(env.explainSql("SELECT who.addr.city FROM t"))
                .contains("project=[who_addr_city], metadata=[]]], fields=[who_addr_city])");
    }

    @Test
    void makesWatermarksPerSplit() {
        String columns =
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', WATERMARK FOR ts AS ";
        table(columns + "ts - INTERVAL '1' SECOND", ", 'scan.parallelism'='3'");
        assertThat(env.explainSql("SELECT id FROM t", ExplainDetail.JSON_EXECUTION_PLAN))
                .contains("watermark=[-(CAST(ts AS TIMESTAMP_LTZ(3) *ROWTIME*), 1000:INTERVAL")
                .contains("\"parallelism\" : 3");

        env.executeSql("DROP TABLE t");
        table(columns + "SOURCE_WATERMARK()", ", 'scan.parallelism'='3'");
        assertThat(env.explainSql("SELECT id FROM t", ExplainDetail.JSON_EXECUTION_PLAN))
                .contains("watermark=[SOURCE_WATERMARK()]")
                .contains("\"parallelism\" : 3");
    }

    @Test
    void printsNoSecrets() {
        table("id INT", ", 'nats.user'='u', 'nats.password'='geheim'");

        assertThat(
                        env.explainSql(
                                "SELECT id FROM t",
                                ExplainDetail.JSON_EXECUTION_PLAN,
                                ExplainDetail.CHANGELOG_MODE,
                                ExplainDetail.ESTIMATED_COST))
                .doesNotContain("geheim");
        assertThat(source(Map.of()).asSummaryString()).isEqualTo("NATS");
    }

    @Test
    void takesChangedOptionsIntoARestoredPlan() {
        env.executeSql("CREATE TABLE nothing (id INT) WITH ('connector'='blackhole')");
        table("id INT, note STRING", ", 'scan.parallelism'='3'");
        String plan = env.compilePlanSql("INSERT INTO nothing SELECT id FROM t").asJsonString();
        assertThat(restored(plan)).contains("\"parallelism\" : 3");

        env.executeSql(
                "ALTER TABLE t SET ('scan.parallelism'='4', 'scan.startup.mode'='sequence',"
                        + " 'scan.startup.sequence'='5')");

        assertThat(restored(plan)).contains("\"parallelism\" : 4").contains("project=[id]");
    }

    private String restored(String plan) {
        return env.loadPlan(PlanReference.fromJsonString(plan))
                .explain(ExplainDetail.JSON_EXECUTION_PLAN);
    }

    @Test
    void readsBoundedTablesInBatch() {
        TableEnvironment batch = TableEnvironment.create(EnvironmentSettings.inBatchMode());
        batch.executeSql(
                "CREATE TABLE t (id INT) WITH ('connector'='nats', 'nats.server-url'='h',"
                        + " 'nats.subject'='a', 'format'='json', 'scan.bounded.mode'='latest')");

        assertThat(batch.explainSql("SELECT COUNT(*) FROM t")).contains("TableSourceScan");
    }

    private static final String IN_SUBJECT =
            "region STRING, id INT, v INT, seq BIGINT METADATA FROM 'sequence'";

    private String scan(String query) {
        String plan = env.explainSql(query);
        String scan = plan.substring(plan.lastIndexOf("TableSourceScan"));
        return scan.substring(0, scan.indexOf('\n'))
                .replaceAll(":VARCHAR\\(\\d+\\)", "")
                .replaceAll("_UTF-16LE| CHARACTER SET \"UTF-16LE\"", "");
    }

    @Test
    void showsThePredicatesThatAReaderKnows() {
        tableOf("a.{region}.{id}", IN_SUBJECT);

        assertThat(scan("SELECT v FROM t WHERE region = 'eu' AND v > 3 AND seq > 5"))
                .contains("filter=[and(=(region, 'eu'), >(seq, 5))]");
        assertThat(scan("SELECT v FROM t WHERE v > 3")).contains("filter=[]");
        assertThat(env.explainSql("SELECT v FROM t WHERE region = 'eu'"))
                .as("the predicate stays")
                .contains("where=[(region = 'eu')]");
    }

    @Test
    void letsAReaderKnowOnlyOfTheKeyWhereRowsSupersedeOneAnother() {
        String columns = IN_SUBJECT + ", subj STRING METADATA FROM 'subject'";
        String all =
                "SELECT v FROM t WHERE region = 'eu' AND id = 3 AND seq > 5 AND subj = 'a.eu.3'";
        tableOf("a.{region}.{id}", columns + ", PRIMARY KEY (id) NOT ENFORCED");
        assertThat(scan(all)).contains("filter=[=(id, 3)]");

        env.executeSql("DROP TABLE t");
        tableOf("a.{region}.{id}", columns + ", PRIMARY KEY (id, region) NOT ENFORCED");
        assertThat(scan(all))
                .contains("filter=[and(and(=(region, 'eu'), =(id, 3)), =(subj, 'a.eu.3'))]");

        env.executeSql("DROP TABLE t");
        tableOf("*.{region}.{id}", columns + ", PRIMARY KEY (id, region) NOT ENFORCED");
        assertThat(scan(all)).contains("filter=[and(=(region, 'eu'), =(id, 3))]");
    }

    @Test
    void letsAReaderKnowNothingWhereEachMessageCounts() {
        String query = "SELECT v FROM t WHERE region = 'eu'";
        tableOf(
                "a.{region}.{id}",
                IN_SUBJECT + ", ts TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND");
        assertThat(scan(query)).contains("filter=[]]]");

        env.executeSql("DROP TABLE t");
        tableOf("a.{region}.{id}", IN_SUBJECT);
        env.executeSql("ALTER TABLE t SET ('scan.durable-consumer' = 'worker')");
        env.getConfig().set("execution.checkpointing.interval", "1 s");
        assertThat(scan(query)).contains("filter=[]");
        assertThat(scan("SELECT v FROM (SELECT * FROM t LIMIT 3) WHERE region = 'eu'"))
                .doesNotContain("filter=");
    }

    @Test
    void keepsWhatItKnowsInACopy() {
        NatsTableSource original = source(Map.of("nats.subject", "a.{name}"));
        NatsTableSource copy = (NatsTableSource) original.copy();
        ResolvedExpression predicate =
                CallExpression.permanent(
                        BuiltInFunctionDefinitions.EQUALS,
                        List.of(
                                new FieldReferenceExpression("name", STRING(), 0, 1),
                                new ValueLiteralExpression("x")),
                        BOOLEAN());
        SupportsFilterPushDown.Result result = copy.applyFilters(List.of(predicate));

        assertThat(result.getAcceptedFilters()).containsExactly(predicate);
        assertThat(result.getRemainingFilters()).containsExactly(predicate);
        assertThat(copy.copy().asSummaryString()).isEqualTo("NATS, of which subjects [a.x]");
        assertThat(original.asSummaryString()).isEqualTo("NATS");
    }

    @Test
    void keepsLineageWhileThereAreNoWatermarks() {
        ScanTableSource.ScanRuntimeProvider provider =
                provider(source(Map.of("scan.parallelism", "3", "scan.bounded.mode", "latest")));

        assertThat(provider).isInstanceOf(SourceProvider.class);
        assertThat(provider.isBounded()).isTrue();
        assertThat(((SourceProvider) provider).getParallelism()).contains(3);
        assertThat(((SourceProvider) provider).createSource().getBoundedness())
                .isEqualTo(Boundedness.BOUNDED);
    }

    @Test
    void namesTheOperatorOfAWatermarkedScan() {
        NatsTableSource source = source(Map.of("nats.stream", "S"));
        source.applyWatermark(WatermarkStrategy.noWatermarks());
        ScanTableSource.ScanRuntimeProvider provider = provider(source);

        assertThat(provider).isInstanceOf(DataStreamScanProvider.class);
        assertThat(provider.isBounded()).isFalse();
        DataStream<RowData> stream =
                ((DataStreamScanProvider) provider)
                        .produceDataStream(
                                name -> Optional.of("uid-of-" + name),
                                StreamExecutionEnvironment.getExecutionEnvironment());
        assertThat(stream.getTransformation()).isInstanceOf(SourceTransformation.class);
        assertThat(stream.getTransformation().getUid()).isEqualTo("uid-of-nats");
        assertThat(stream.getTransformation().getName()).isEqualTo("t");
        assertThat(stream.getType()).isEqualTo(typeOf(PHYSICAL));
    }

    @Test
    void copiesShareNothingThatChanges() {
        NatsTableSource original = source(Map.of());
        NatsTableSource copy = (NatsTableSource) original.copy();
        DataType projected =
                ROW(FIELD("name", STRING()), FIELD("sequence", BIGINT().notNull())).notNull();
        copy.applyProjection(new int[][] {{1}}, projected);
        copy.applyReadableMetadata(List.of("sequence"), projected);
        copy.applySourceWatermark();
        NatsTableSource copyOfCopy = (NatsTableSource) copy.copy();

        assertThat(produced(original)).isEqualTo(typeOf(PHYSICAL));
        assertThat(provider(copy)).isInstanceOf(WatermarkedScan.class);
        assertThat(provider(copyOfCopy)).isInstanceOf(WatermarkedScan.class);
        copyOfCopy.applyProjection(new int[][] {}, ROW());
        copyOfCopy.applyReadableMetadata(List.of(), ROW());
        copyOfCopy.applyWatermark(WatermarkStrategy.noWatermarks());
        assertThat(streamOf(copy).getType()).isEqualTo(typeOf(projected));
        assertThat(streamOf(copyOfCopy).getType()).isEqualTo(typeOf(ROW()));
    }

    private static DataStream<RowData> streamOf(NatsTableSource source) {
        return ((DataStreamScanProvider) provider(source))
                .produceDataStream(
                        name -> Optional.empty(),
                        StreamExecutionEnvironment.getExecutionEnvironment());
    }

    private static TypeInformation<?> produced(NatsTableSource source) {
        return ((ResultTypeQueryable<?>) ((SourceProvider) provider(source)).createSource())
                .getProducedType();
    }

    private static TypeInformation<?> typeOf(DataType type) {
        return ScanRuntimeProviderContext.INSTANCE.createTypeInformation(type);
    }

    private static ScanTableSource.ScanRuntimeProvider provider(NatsTableSource source) {
        return source.getScanRuntimeProvider(ScanRuntimeProviderContext.INSTANCE);
    }

    private static NatsTableSource source(Map<String, String> more) {
        Map<String, String> options = new HashMap<>(more);
        options.put("connector", "nats");
        options.put("nats.server-url", "h");
        options.putIfAbsent("nats.subject", "a.*");
        options.put("format", "json");
        ResolvedCatalogTable table =
                new ResolvedCatalogTable(
                        CatalogTable.newBuilder()
                                .schema(Schema.newBuilder().fromRowDataType(PHYSICAL).build())
                                .options(options)
                                .build(),
                        ResolvedSchema.of(
                                Column.physical("id", INT()), Column.physical("name", STRING())));
        return (NatsTableSource)
                FactoryUtil.createDynamicTableSource(
                        null,
                        ObjectIdentifier.of("c", "d", "t"),
                        table,
                        Map.of(),
                        new Configuration(),
                        NatsTableSourceTest.class.getClassLoader(),
                        false);
    }

    private void tableOf(String subject, String columns) {
        env.executeSql(
                "CREATE TABLE t ("
                        + columns
                        + ") WITH ('connector'='nats', 'nats.server-url'='h', 'nats.subject'='"
                        + subject
                        + "', 'format'='json')");
    }

    private void table(String columns, String options) {
        env.executeSql(
                "CREATE TABLE t ("
                        + columns
                        + ") WITH ('connector'='nats', 'nats.server-url'='h',"
                        + " 'nats.subject'='a.*', 'format'='json'"
                        + options
                        + ")");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/** {@code INSERT INTO measure SELECT * FROM table}, as a user would write it. */
final class SqlRead implements Rival {
    private final String name;
    private final String columns;
    private final String options;

    SqlRead(String name, String columns, String options) {
        this.name = name;
        this.columns = columns;
        this.options = options;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void read(Meter meter) throws Exception {
        start(meter::count).await();
    }

    /** Starts the job; the caller waits or cancels. */
    TableResult start(Runnable onRow) {
        MeasuringSinkFactory.ON_ROW.set(onRow);
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "1");
        configuration.setString("execution.checkpointing.interval", "1 s");
        TableEnvironment tables =
                TableEnvironment.create(
                        EnvironmentSettings.newInstance()
                                .inStreamingMode()
                                .withConfiguration(configuration)
                                .build());
        String withoutMetadata = columns.replaceAll(" METADATA( FROM '[^']*')?", "");
        tables.executeSql("CREATE TABLE s (" + columns + ") WITH (" + options + ")");
        tables.executeSql(
                "CREATE TABLE m (" + withoutMetadata + ") WITH ('connector' = 'measure')");
        return tables.executeSql("INSERT INTO m SELECT * FROM s");
    }
}

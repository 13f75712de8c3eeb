// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.Factory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;

/** What Flink says where jars are missing or there twice; the documentation explains it. */
class FlinkMessagesTest {
    private static final String SERVICES = "META-INF/services/" + Factory.class.getName();

    /** As if the files that list factories were these. */
    private static void find(List<URL> lists) {
        ClassLoader loader =
                new ClassLoader(FlinkMessagesTest.class.getClassLoader()) {
                    @Override
                    public Enumeration<URL> getResources(String name) throws IOException {
                        return name.equals(SERVICES)
                                ? Collections.enumeration(lists)
                                : super.getResources(name);
                    }
                };
        FactoryUtil.discoverFactory(loader, DynamicTableFactory.class, "nats");
    }

    private static List<URL> lists(boolean ours) throws IOException {
        return Collections.list(FlinkMessagesTest.class.getClassLoader().getResources(SERVICES))
                .stream()
                .filter(list -> list.getPath().contains("flink-connector-nats") == ours)
                .collect(Collectors.toList());
    }

    @Test
    void theConnectorIsMissing() throws IOException {
        List<URL> others = lists(false);
        assertThatThrownBy(() -> find(others))
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith(
                        "Could not find any factory for identifier 'nats' that implements"
                                + " 'org.apache.flink.table.factories.DynamicTableFactory' in the"
                                + " classpath.");
    }

    /** A class loader that looks into its own jar first sees the classes of a second one. */
    @Test
    void theConnectorIsThereTwice() throws Exception {
        URL jar = NatsTableFactory.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader parent = FlinkMessagesTest.class.getClassLoader();
        try (URLClassLoader second =
                new URLClassLoader(new URL[] {jar}, parent) {
                    @Override
                    protected Class<?> loadClass(String name, boolean resolve)
                            throws ClassNotFoundException {
                        return name.startsWith("io.github.flinknats.table.NatsTableFactory")
                                ? findClass(name)
                                : super.loadClass(name, resolve);
                    }
                }) {
            Object factory =
                    second.loadClass(NatsTableFactory.class.getName())
                            .getDeclaredConstructor()
                            .newInstance();
            assertThat(factory).isInstanceOf(DynamicTableFactory.class);
            assertThatThrownBy(() -> take((NatsTableFactory) factory))
                    .isInstanceOf(ClassCastException.class)
                    .hasMessageStartingWith(
                            "class io.github.flinknats.table.NatsTableFactory cannot be cast to"
                                    + " class io.github.flinknats.table.NatsTableFactory (");
        }
    }

    private static void take(NatsTableFactory factory) {
        assertThat(factory).isNotNull();
    }

    @Test
    void theFormatIsMissing() {
        TableEnvironment env = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        env.executeSql(
                "CREATE TABLE t (id INT) WITH ('connector' = 'nats', 'nats.server-url' = 'h',"
                        + " 'nats.subject' = 'a', 'format' = 'morse')");
        assertThat(refusal(env, "SELECT * FROM t"))
                .contains(
                        "Could not find any factory for identifier 'morse' that implements"
                                + " 'org.apache.flink.table.factories.DeserializationFormatFactory' in"
                                + " the classpath.");
        assertThat(refusal(env, "INSERT INTO t VALUES (1)"))
                .contains(
                        "Could not find any factory for identifier 'morse' that implements"
                                + " 'org.apache.flink.table.factories.SerializationFormatFactory' in"
                                + " the classpath.");
    }

    private static String refusal(TableEnvironment env, String statement) {
        try {
            return env.explainSql(statement);
        } catch (ValidationException e) {
            return ExceptionUtils.stringifyException(e);
        }
    }
}

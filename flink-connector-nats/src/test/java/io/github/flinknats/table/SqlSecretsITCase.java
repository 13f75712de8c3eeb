// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.TestAuthority;
import io.github.flinknats.client.TestKeys;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.Ports;
import io.github.flinknats.testing.TestStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * No secret in a plan, an error, or a log of whatever level. What Flink prints of its own accord is
 * as the guide says.
 */
@ExtendWith(NatsServerExtension.class)
@Timeout(180)
class SqlSecretsITCase {
    private static final String CONNECTOR = "io.github.flinknats";
    private static final String MARK = "s3cr3tm4rk";
    private static final String IMPATIENT =
            "'nats.connect-timeout' = '300 ms', 'nats.outage-timeout' = '500 ms'";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @TempDir Path directory;

    private final String seed = TestKeys.userSeed();
    private final String jwt = new TestKeys().userJwt(seed, Duration.ofHours(1));

    /** Everything that is logged while it is attached. */
    private static final class Log extends AbstractAppender implements AutoCloseable {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final Logger root = (Logger) LogManager.getRootLogger();
        private final Level before = root.getLevel();
        private final List<Appender> others = new ArrayList<>(root.getAppenders().values());

        Log() {
            super("everything", null, layout(), false, Property.EMPTY_ARRAY);
            start();
            others.forEach(root::removeAppender); // Or the console would be flooded.
            root.addAppender(this);
            Configurator.setLevel(root, Level.ALL);
            Configurator.setLevel(CONNECTOR, Level.ALL);
        }

        private static PatternLayout layout() {
            return PatternLayout.newBuilder()
                    .withPattern("%level %logger %msg%n%throwable")
                    .build();
        }

        @Override
        public void append(LogEvent event) {
            lines.add(String.valueOf(getLayout().toSerializable(event)));
        }

        @Override
        public void close() {
            Configurator.setLevel(root, before);
            Configurator.setLevel(CONNECTOR, before);
            root.removeAppender(this);
            others.forEach(root::addAppender);
        }
    }

    /** By the kind of login, the options. */
    private Map<String, String> logins() throws Exception {
        TestAuthority authority = TestAuthority.in(directory, "ca");
        Map<String, String> logins = new LinkedHashMap<>();
        logins.put("by_password", "'nats.user' = 'u', 'nats.password' = '" + MARK + "'");
        logins.put("by_token", "'nats.token' = '" + MARK + "'");
        logins.put("by_nkey", "'nats.nkey-secret' = '" + seed + "'");
        logins.put(
                "by_jwt", "'nats.nkey-secret' = '" + seed + "', 'nats.jwt-token' = '" + jwt + "'");
        logins.put(
                "by_credentials",
                "'nats.credentials-secret' = '" + TestKeys.credentials(jwt, seed) + "'");
        logins.put(
                "by_stores",
                "'nats.tls.truststore' = '"
                        + authority.trustStore("PKCS12", MARK)
                        + "', 'nats.tls.truststore-password' = '"
                        + MARK
                        + "', 'nats.tls.keystore' = '"
                        + authority.sign("u").keyStore("PKCS12", MARK)
                        + "', 'nats.tls.keystore-password' = '"
                        + MARK
                        + "'");
        return logins;
    }

    private void assertNoSecret(String where, String text) {
        assertThat(text).as(where).doesNotContain(MARK, seed, jwt, jwt.split("\\.")[2]);
    }

    @Test
    void appearNowhere(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a", "{\"id\":1}");
        int dead = Ports.free();
        List<String> said = new ArrayList<>();
        try (Log log = new Log()) {
            for (Map.Entry<String, String> login : logins().entrySet()) {
                String name = login.getKey();
                boolean encrypted = name.equals("by_stores");
                String bounded = "'scan.bounded.mode' = 'latest'";
                String good = SqlFixture.from(server.url(), stream.subject("a"));
                sql.table(name, "id INT", good, bounded, login.getValue());
                sql.table(
                        name + "_dead",
                        "id INT",
                        good.replace(server.url(), "nats://127.0.0.1:" + dead),
                        IMPATIENT,
                        login.getValue());
                String query = "SELECT id FROM " + name;
                if (encrypted) {
                    said.add(sql.failure(query));
                } else {
                    assertThat(sql.rows(query)).containsExactly(Row.of(1));
                }
                said.add(sql.failure(query + "_dead"));
                said.add(sql.insertFailure("INSERT INTO " + name + "_dead VALUES (1)"));
                said.add(explained(query));
                said.add(explained("INSERT INTO " + name + " VALUES (1)"));
            }
            assertThat(log.lines).anyMatch(line -> line.contains("Connected to nats://"));
            log.lines.forEach(line -> assertNoSecret("log", line));
        }
        assertThat(said).hasSize(6 * 4 + 1);
        said.forEach(text -> assertNoSecret("said", text));
        Ports.giveBack(dead);
    }

    private String explained(String statement) {
        return sql.execute(
                        "EXPLAIN ESTIMATED_COST, CHANGELOG_MODE, JSON_EXECUTION_PLAN " + statement)
                .collect()
                .next()
                .toString();
    }

    /** Flink prints the option itself; what the connector says has no user info in it. */
    @Test
    void inAUrlAreMasked(NatsServer server, TestStream stream) {
        int dead = Ports.free();
        String url = "nats://me:" + MARK + "@127.0.0.1:" + dead;
        try (Log log = new Log()) {
            sql.table("t", "id INT", SqlFixture.from(url, stream.subject("a")), IMPATIENT);
            assertNoSecret("failure", sql.failure("SELECT id FROM t"));
            assertNoSecret("failure", sql.insertFailure("INSERT INTO t VALUES (1)"));
            assertNoSecret("plan", explained("SELECT id FROM t"));
            log.lines.forEach(line -> assertNoSecret("log", line));
        }
        Ports.giveBack(dead);
    }

    /** Whether others may read a compiled plan is for its user to decide. */
    @Test
    void standInACompiledPlanUnlessToldOtherwise(NatsServer server, TestStream stream)
            throws Exception {
        stream.publish("a", "{\"id\":1}");
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("a")),
                "'scan.bounded.mode' = 'latest'",
                "'nats.user' = 'u', 'nats.password' = '" + MARK + "'");
        sql.table("copy", "id INT", SqlFixture.from(server.url(), stream.subject("b")));
        String copying = "INSERT INTO copy SELECT id FROM t";
        Path plan = directory.resolve("plan.json");

        assertThat(compiled(plan, copying)).contains(MARK);
        sql.set("table.plan.compile.catalog-objects", "SCHEMA");
        assertNoSecret("plan", compiled(plan, copying));
        sql.set("table.plan.compile.catalog-objects", "IDENTIFIER");
        String hint = "/*+ OPTIONS('nats.password' = '" + MARK + "') */";
        assertThat(compiled(plan, copying + " " + hint)).contains(MARK);
        assertNoSecret("plan", compiled(plan, copying));
        sql.insert("EXECUTE PLAN '" + plan + "'");
        assertThat(stream.payloads()).containsExactly("{\"id\":1}", "{\"id\":1}");
    }

    private String compiled(Path plan, String statement) throws IOException {
        Files.deleteIfExists(plan);
        sql.execute("COMPILE PLAN '" + plan + "' FOR " + statement);
        return Files.readString(plan);
    }

    /** A hint is part of the query, and Flink prints queries. */
    @Test
    void arePrintedByFlink(NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server.url(), stream.subject("a")),
                "'nats.user' = 'u', 'nats.password' = '" + MARK + "'");

        assertThat(sql.execute("SHOW CREATE TABLE t").collect().next().toString()).contains(MARK);
        assertNoSecret("plan", explained("SELECT id FROM t"));
        String hint = "/*+ OPTIONS('nats.password' = '" + MARK + "') */";
        assertThat(explained("SELECT id FROM t " + hint)).contains(MARK);
    }
}

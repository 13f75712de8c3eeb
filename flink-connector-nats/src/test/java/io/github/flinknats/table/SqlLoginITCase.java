// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.TestKeys;
import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every way to log in, and what becomes of a login that is refused, expires or is taken back. */
@Timeout(120)
class SqlLoginITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final GuardedServers servers = new GuardedServers();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @TempDir Path directory;

    private final TestKeys keys = new TestKeys();
    private final String seed = TestKeys.userSeed();

    private void assertLetsIn(String name, NatsServer server, TestStream stream, String login) {
        sql.table(name, "id INT", SqlFixture.from(server, stream), BOUNDED, login);
        assertThat(sql.rows("SELECT id FROM " + name)).containsExactly(Row.of(1));
    }

    /** Returns everything that is said, which comes soon. */
    private String refusal(String name, NatsServer server, TestStream stream, String login) {
        sql.table(name, "id INT", SqlFixture.from(server, stream), BOUNDED, login);
        long begin = System.nanoTime();
        String said = sql.failure("SELECT id FROM " + name);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(GuardedServers.SOON);
        assertThat(said).contains("Cannot log in to " + server.url());
        return said;
    }

    private static Consumer<Options.Builder> as(String jwt, String seed) {
        return options ->
                options.authHandler(Nats.staticCredentials(jwt.toCharArray(), seed.toCharArray()));
    }

    private NatsServer operatorServer() {
        return servers.start(keys.serverConfig(), as(keys.userJwt(seed, HOUR), seed));
    }

    @Test
    @Covers(options = "nats.token")
    void byToken() {
        NatsServer server =
                servers.start(
                        "authorization { token: s3cret }",
                        options -> options.token("s3cret".toCharArray()));
        TestStream stream = servers.stream(server);

        assertLetsIn("good", server, stream, "'nats.token' = 's3cret'");
        assertThat(refusal("bad", server, stream, "'nats.token' = 'wr0ng'"))
                .contains("(a token), because the server says: ")
                .contains("Authorization Violation")
                .contains("Please check 'nats.token'.")
                .doesNotContain("wr0ng");
    }

    @Test
    @Covers(options = "nats.nkey-secret")
    void byNkey() {
        NatsServer server =
                servers.start(
                        "authorization { users: [ { nkey: " + TestKeys.publicKey(seed) + " } ] }",
                        options ->
                                options.authHandler(
                                        Nats.staticCredentials(null, seed.toCharArray())));
        TestStream stream = servers.stream(server);
        String other = TestKeys.userSeed();

        assertLetsIn("good", server, stream, "'nats.nkey-secret' = '" + seed + "'");
        assertThat(refusal("bad", server, stream, "'nats.nkey-secret' = '" + other + "'"))
                .contains("(an NKey), because the server says: ")
                .contains("check 'nats.nkey-secret', and that the server knows its public key")
                .doesNotContain(other);
    }

    @Test
    @Covers(options = {"nats.jwt-token", "nats.nkey-secret"})
    void byJwt() {
        NatsServer server = operatorServer();
        TestStream stream = servers.stream(server);
        String login = "'nats.nkey-secret' = '" + seed + "', 'nats.jwt-token' = '%s'";
        String jwt = keys.userJwt(seed, HOUR);
        String strange = TestKeys.strangersJwt(seed);

        assertLetsIn("good", server, stream, String.format(login, jwt));
        assertThat(refusal("bad", server, stream, String.format(login, strange)))
                .contains("(a JWT and its NKey), because the server says: ")
                .contains(
                        "check 'nats.jwt-token' and 'nats.nkey-secret', and that the server trusts")
                .doesNotContain(strange)
                .doesNotContain(seed);
        String expired = keys.expiredJwt(seed);
        assertThat(refusal("late", server, stream, String.format(login, expired)))
                .contains("because the JWT has expired at 20")
                .doesNotContain(expired);
    }

    @Test
    @Covers(options = "nats.credentials-secret")
    void byCredentials() {
        NatsServer server = operatorServer();
        TestStream stream = servers.stream(server);
        String good = TestKeys.credentials(keys.userJwt(seed, HOUR), seed);
        String bad = TestKeys.credentials(TestKeys.strangersJwt(seed), seed);

        assertLetsIn("good", server, stream, "'nats.credentials-secret' = '" + good + "'");
        assertThat(refusal("bad", server, stream, "'nats.credentials-secret' = '" + bad + "'"))
                .contains("check 'nats.credentials-secret'")
                .doesNotContain(seed);
    }

    @Test
    @Covers(options = "nats.credentials-file")
    void byCredentialsFile() throws Exception {
        NatsServer server = operatorServer();
        TestStream stream = servers.stream(server);
        Path file = directory.resolve("u.creds");
        String login = "'nats.credentials-file' = '" + file + "'";

        sql.table("missing", "id INT", SqlFixture.from(server, stream), BOUNDED, login);
        assertThat(sql.failure("SELECT id FROM missing"))
                .contains(
                        "with the credentials file "
                                + file
                                + ", because it does not exist on this node. Please correct"
                                + " 'nats.credentials-file'");
        Files.writeString(file, "s3cret");
        sql.table("garbage", "id INT", SqlFixture.from(server, stream), BOUNDED, login);
        assertThat(sql.failure("SELECT id FROM garbage"))
                .contains("because it is not what a credentials file holds: a block")
                .doesNotContain("s3cret");
        Files.writeString(file, TestKeys.credentials(TestKeys.strangersJwt(seed), seed));
        assertThat(refusal("bad", server, stream, login))
                .contains(
                        "Please check 'nats.credentials-file', and that the server trusts the account that has issued it.");
        Files.writeString(file, TestKeys.credentials(keys.userJwt(seed, HOUR), seed));
        assertLetsIn("good", server, stream, login);
    }

    /** Starts a job whose credentials are good for 12 s. */
    private SqlFixture.Running readForAWhile(NatsServer server, TestStream stream, Path file)
            throws Exception {
        Files.writeString(
                file, TestKeys.credentials(keys.userJwt(seed, Duration.ofSeconds(12)), seed));
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'nats.credentials-file' = '" + file + "'");
        return sql.start("SELECT id FROM t");
    }

    /** The server ends the connection when the JWT expires. */
    @Test
    @Covers(options = "nats.credentials-file")
    void goesOnWithRenewedCredentials() throws Exception {
        NatsServer server = operatorServer();
        TestStream stream = servers.stream(server);
        Path file = directory.resolve("u.creds");
        Instant expired = Instant.now().plusSeconds(13);
        SqlFixture.Running query = readForAWhile(server, stream, file);
        assertThat(query.next(1)).containsExactly(Row.of(1));
        Files.writeString(file, TestKeys.credentials(keys.userJwt(seed, HOUR), seed));
        Await.until(
                "the first JWT has expired",
                Duration.ofSeconds(20),
                () -> Instant.now().isAfter(expired));
        stream.publish("a", "{\"id\":2}");
        assertThat(query.next(1)).containsExactly(Row.of(2));
    }

    @Test
    @Covers(options = "nats.credentials-file")
    void failsWithCredentialsThatAreNotRenewed() throws Exception {
        NatsServer server = operatorServer();
        TestStream stream = servers.stream(server);
        Path file = directory.resolve("u.creds");
        SqlFixture.Running query = readForAWhile(server, stream, file);
        query.next(1);
        assertThat(query.failure())
                .contains("Cannot log in to " + server.url() + " (credentials file " + file)
                .contains("because the JWT has expired at ");
    }

    @Test
    @Covers(options = {"nats.user", "nats.password"})
    void failsWhenTheUserIsRemoved() throws Exception {
        NatsServer server =
                servers.start(
                        "authorization { users: [ {user: admin, password: top}, {user: u, password:"
                                + " geheim} ] }",
                        options -> options.userInfo("admin".toCharArray(), "top".toCharArray()));
        TestStream stream = servers.stream(server);
        sql.table(
                "t",
                "id INT",
                SqlFixture.from(server, stream),
                "'nats.user' = 'u'",
                "'nats.password' = 'geheim'");
        SqlFixture.Running query = sql.start("SELECT id FROM t");
        query.next(1);
        server.reconfigure(text -> text.replace("user: u,", "user: v,"));
        assertThat(query.failure())
                .contains("Cannot log in to " + server.url() + " (user u), because the server says")
                .doesNotContain("geheim");
    }

    @Test
    void refusesTwoLogins() {
        sql.table(
                "t",
                "id INT",
                "'nats.server-url' = 'nats://me:s3cret@h', 'nats.subject' = 'a'",
                "'nats.token' = 's3cret'");
        assertThatThrownBy(() -> sql.start("SELECT id FROM t"))
                .hasStackTraceContaining("'nats.server-url' carries a login (nats://***@h)")
                .satisfies(e -> assertThat(e).hasStackTraceContaining("remove one of them"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.TestAuthority;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.Ports;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections: whom they trust, who they are, and what is said when they fail. */
@Timeout(120)
class SqlTlsITCase {
    private static final String BOUNDED = "'scan.bounded.mode' = 'latest'";
    private static final String ADDRESS = "127.0.0.1";

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final GuardedServers servers = new GuardedServers();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @TempDir Path directory;

    private TestAuthority authority;
    private String caFile;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = TestAuthority.in(directory, "ca");
        caFile = "'nats.tls.ca-file' = '" + authority.file("ca") + "'";
    }

    private Consumer<Options.Builder> trusting(TestAuthority.Signed own) throws Exception {
        SSLContext context = authority.clientContext(own);
        return options -> options.sslContext(context);
    }

    private NatsServer server(TestAuthority.Signed certificate, String... more) throws Exception {
        return servers.start(certificate.serverConfig(more), trusting(null));
    }

    private static String tls(NatsServer server) {
        return server.url().replace("nats://", "tls://");
    }

    private void assertReads(String name, String url, TestStream stream, String... options) {
        sql.table(
                name,
                "id INT",
                SqlFixture.from(url, stream.subjects()),
                BOUNDED,
                String.join(", ", options));
        assertThat(sql.rows("SELECT id FROM " + name)).containsExactly(Row.of(1));
    }

    /** Returns everything that is said, which comes soon. */
    private String failure(String name, String url, TestStream stream, String... options) {
        sql.table(
                name,
                "id INT",
                SqlFixture.from(url, stream.subjects()),
                BOUNDED,
                String.join(", ", options));
        long begin = System.nanoTime();
        String said = sql.failure("SELECT id FROM " + name);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(GuardedServers.SOON);
        return said;
    }

    @Test
    @Covers(options = "nats.tls.ca-file")
    void trustsWhatItIsTold() throws Exception {
        NatsServer server = server(authority.sign("server", ADDRESS));
        TestStream stream = servers.stream(server);
        TestAuthority other = TestAuthority.in(directory, "other");
        String wrong = "'nats.tls.ca-file' = '" + other.file("other") + "'";

        assertReads("good", tls(server), stream, caFile);
        assertReads("by_option", server.url(), stream, caFile);
        assertThat(failure("strange", tls(server), stream, wrong))
                .contains("because the server's certificate is not trusted (")
                .contains("set 'nats.tls.ca-file' or 'nats.tls.truststore'");
        assertThat(failure("jdk", tls(server), stream, BOUNDED))
                .contains("because the server's certificate is not trusted (");
        assertThat(failure("plain", server.url(), stream, BOUNDED))
                .contains("because the server requires TLS (")
                .contains("Please write tls:// in 'nats.server-url'");
    }

    @Test
    @Covers(options = {"nats.tls.truststore", "nats.tls.truststore-password"})
    void trustsWhatAStoreHolds() throws Exception {
        NatsServer server = server(authority.sign("server", ADDRESS));
        TestStream stream = servers.stream(server);
        String store = "'nats.tls.truststore' = '" + authority.trustStore("JKS", "geheim") + "'";
        authority.trustStore("PKCS12", "geheim");
        String newer = store.replace("JKS", "PKCS12");
        String password = "'nats.tls.truststore-password' = 'geheim'";

        assertReads("jks", tls(server), stream, store, password);
        assertReads("p12", tls(server), stream, newer, password);
        assertThat(
                        failure(
                                "bad",
                                tls(server),
                                stream,
                                store,
                                "'nats.tls.truststore-password' = 'falsch'"))
                .contains("with the trust store " + directory)
                .contains("password was incorrect")
                .contains("Please correct 'nats.tls.truststore'")
                .doesNotContain("falsch");
        Path missing = directory.resolve("missing.p12");
        assertThat(failure("gone", tls(server), stream, "'nats.tls.keystore' = '" + missing + "'"))
                .contains(
                        "with the key store "
                                + missing
                                + ", because it does not exist on this node. Please correct"
                                + " 'nats.tls.keystore'");
    }

    /** The client by itself would take any host's certificate. */
    @Test
    @Covers(options = {"nats.tls.ca-file", "nats.tls.first"})
    void verifiesTheHost() throws Exception {
        TestAuthority.Signed certificate = authority.sign("server", "nats.example");
        NatsServer upgrading = server(certificate);
        NatsServer silent =
                servers.startSilent(
                        certificate.serverConfig("handshake_first: true"), trusting(null));

        for (NatsServer server : List.of(upgrading, silent)) {
            TestStream stream = servers.stream(server);
            boolean first = server == silent;
            assertThat(
                            failure(
                                    first ? "silent" : "upgrading",
                                    tls(server),
                                    stream,
                                    caFile,
                                    "'nats.tls.first' = '" + first + "'"))
                    .contains("because the server's certificate is not for this host name (")
                    .contains("write the host in 'nats.server-url' as the certificate names it");
        }
    }

    @Test
    @Covers(options = "nats.tls.ca-file")
    void verifiesAHostByName() throws Exception {
        NatsServer server = server(authority.sign("server", "localhost"), "");
        TestStream stream = servers.stream(server);

        assertReads("good", tls(server).replace(ADDRESS, "localhost"), stream, caFile);
        assertThat(failure("bad", tls(server), stream, caFile))
                .contains("because the server's certificate is not for this host name (");
    }

    @Test
    @Covers(options = "nats.tls.ca-file")
    void refusesAnExpiredCertificate() throws Exception {
        NatsServer server =
                servers.start(
                        authority.sign("server", "EC", Duration.ofHours(-1), ADDRESS).serverConfig()
                                + "\nallow_non_tls: true",
                        options -> {});
        TestStream stream = servers.stream(server);

        assertThat(failure("t", tls(server), stream, caFile))
                .contains("because a certificate has expired (");
    }

    @Test
    @Covers(
            options = {
                "nats.tls.cert-file",
                "nats.tls.key-file",
                "nats.tls.keystore",
                "nats.tls.keystore-password"
            })
    void showsItsCertificate() throws Exception {
        TestAuthority.Signed own = authority.sign("u", "RSA", Duration.ofDays(1));
        NatsServer server =
                servers.start(
                        authority
                                .sign("server", ADDRESS)
                                .serverConfig(
                                        "ca_file: \"" + authority.file("ca") + "\"",
                                        "verify: true"),
                        trusting(own));
        TestStream stream = servers.stream(server);
        String url = tls(server);
        String file = "'nats.tls.cert-file' = '" + own.certificate() + "'";
        String key = "'nats.tls.key-file' = '%s'";
        String store = "'nats.tls.keystore' = '%s'";
        String password = "'nats.tls.keystore-password' = 'geheim'";

        assertReads("pem", url, stream, caFile, file, String.format(key, own.key()));
        assertReads("pkcs1", url, stream, caFile, file, String.format(key, own.oldKey()));
        String encrypted = String.format(key, own.encryptedKey("geheim"));
        assertReads("encrypted", url, stream, caFile, file, encrypted, password);
        String jks = String.format(store, own.keyStore("JKS", "geheim"));
        assertReads("jks", url, stream, caFile, jks, password);
        String p12 = String.format(store, own.keyStore("PKCS12", "geheim"));
        assertReads("p12", url, stream, caFile, p12, password);

        assertThat(failure("locked", url, stream, caFile, file, encrypted))
                .contains("because its key is encrypted: set 'nats.tls.keystore-password'.")
                .contains("Please correct 'nats.tls.key-file'");
        assertThat(failure("nobody", url, stream, caFile))
                .contains("because the server wants a client certificate that it trusts (")
                .contains("set 'nats.tls.cert-file' and 'nats.tls.key-file', or");
        TestAuthority other = TestAuthority.in(directory, "other");
        TestAuthority.Signed strange = other.sign("s");
        assertThat(
                        failure(
                                "stranger",
                                url,
                                stream,
                                caFile,
                                "'nats.tls.cert-file' = '" + strange.certificate() + "'",
                                String.format(key, strange.key())))
                .contains("because the server wants a client certificate that it trusts (");
    }

    @Test
    @Covers(options = "nats.tls.first")
    void beginsWithTlsWhereTheServerWantsIt() throws Exception {
        NatsServer server =
                servers.startSilent(
                        authority.sign("server", ADDRESS).serverConfig("handshake_first: true"),
                        trusting(null));
        TestStream stream = servers.stream(server);
        NatsServer usual = server(authority.sign("usual", ADDRESS));

        assertReads("good", tls(server), stream, caFile, "'nats.tls.first' = 'true'");
        assertThat(failure("waits", tls(server), stream, caFile))
                .contains("Cannot connect to " + tls(server))
                .contains("'nats.tls.first' if the server says nothing before TLS");
        assertThat(failure("first", tls(usual), stream, caFile, "'nats.tls.first' = 'true'"))
                .contains("because the server does not begin with TLS (")
                .contains("remove 'nats.tls.first'");
    }

    @Test
    @Covers(options = "nats.tls.ca-file")
    void saysThatTheServerHasNoTls() {
        NatsServer server = servers.start("", options -> {});
        TestStream stream = servers.stream(server);

        assertThat(failure("t", tls(server), stream, caFile))
                .contains("because the server does not offer TLS (")
                .contains("write nats:// in 'nats.server-url' and remove the options");
    }

    @Test
    @Covers(options = "nats.tls.ca-file")
    void connectsByWebSockets() throws Exception {
        int open = Ports.free();
        int secure = Ports.free();
        TestAuthority.Signed certificate = authority.sign("server", ADDRESS);
        String websocket = "websocket { listen: \"127.0.0.1:%d\", %s }";
        NatsServer plain = servers.start(String.format(websocket, open, "no_tls: true"), o -> {});
        NatsServer encrypted =
                servers.start(
                        String.format(websocket, secure, certificate.serverConfig("")), o -> {});
        TestStream one = servers.stream(plain);
        TestStream two = servers.stream(encrypted);

        assertReads("plain", "ws://127.0.0.1:" + open, one, BOUNDED);
        assertReads("encrypted", "wss://127.0.0.1:" + secure, two, caFile);
        assertThat(failure("untrusted", "wss://127.0.0.1:" + secure, two, BOUNDED))
                .contains("because the server's certificate is not trusted (");
        sql.table(
                "refused",
                "id INT",
                SqlFixture.from("ws://127.0.0.1:" + open, one.subjects()),
                caFile);
        assertThatThrownBy(() -> sql.start("SELECT id FROM refused"))
                .hasStackTraceContaining("A WebSocket with ws:// is not encrypted, and TLS is set");
        Ports.giveBack(open);
        Ports.giveBack(secure);
    }

    @Test
    @Covers(options = "nats.tls.ca-file")
    void triesTheNextServer() throws Exception {
        NatsServer server = server(authority.sign("server", ADDRESS));
        TestStream stream = servers.stream(server);
        int dead = Ports.free();
        NatsServer refusing = server(TestAuthority.in(directory, "o").sign("s", ADDRESS));

        assertReads(
                "t",
                "tls://127.0.0.1:" + dead + "," + tls(refusing) + "," + tls(server),
                stream,
                caFile);
        Ports.giveBack(dead);
    }

    @Test
    @Covers(options = {"nats.tls.ca-file", "nats.tls.cert-file", "nats.tls.key-file"})
    void saysWhichFileIsWrong() throws Exception {
        NatsServer server = server(authority.sign("server", ADDRESS));
        TestStream stream = servers.stream(server);
        Path missing = directory.resolve("missing.pem");
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "s3cret");
        String ca = "'nats.tls.ca-file' = '%s'";

        assertThat(failure("missing", tls(server), stream, String.format(ca, missing)))
                .contains("certificates " + missing + ", because it does not exist on this node")
                .contains("Please correct 'nats.tls.ca-file'");
        assertThat(failure("garbage", tls(server), stream, String.format(ca, garbage)))
                .contains("because it holds no certificate in PEM form.")
                .doesNotContain("s3cret");
        assertThat(
                        failure(
                                "keyless",
                                tls(server),
                                stream,
                                caFile,
                                "'nats.tls.cert-file' = '" + authority.file("ca") + "'",
                                "'nats.tls.key-file' = '" + garbage + "'"))
                .contains("key " + garbage + ", because it holds no key that can be read")
                .contains("Please correct 'nats.tls.key-file'");
    }
}

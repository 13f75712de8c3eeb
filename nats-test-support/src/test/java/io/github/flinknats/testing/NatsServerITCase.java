// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Connection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NatsServerExtension.class)
class NatsServerITCase {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    @OwnServer
    void keepsPortAndDataOverKillAndRestart(NatsServer server, TestStream stream) {
        String url = server.url();
        stream.publishMany("a", 0, 2_500, number -> "m" + number);

        server.kill();
        assertThat(server.isAlive()).isFalse();
        server.restart();

        assertThat(server.url()).isEqualTo(url);
        assertThat(stream.lastSequence()).isEqualTo(2_500);
        assertThat(stream.publish("a", "next")).isEqualTo(2_501);
    }

    @Test
    @OwnServer
    void comesBackAfterStop(NatsServer server, TestStream stream) {
        stream.publish("a", "x");
        server.stop();
        assertThat(server.isAlive()).isFalse();
        server.restart();
        assertThat(stream.payloads()).containsExactly("x");
        assertThat(server.log()).contains("Initiating Shutdown").contains("Server is ready");
    }

    @Test
    @OwnServer
    void answersNothingWhilePaused(NatsServer server) throws Exception {
        try (Connection connection = server.connect()) {
            server.pause();
            assertThatThrownBy(() -> connection.flush(Duration.ofMillis(200)))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            server.resume();
            connection.flush(LIMIT);
        }
    }

    @Test
    @OwnServer
    void announcesLameDuckMode(NatsServer server) {
        server.lameDuck();
        Await.until("it is logged", LIMIT, () -> server.log().contains("lame duck"), server::log);
    }

    @Test
    void listsConnectionsByName(NatsServer server) throws Exception {
        try (Connection connection = server.connect(options -> options.connectionName("a name"))) {
            assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
            assertThat(server.connections()).containsExactly("test-support", "a name");
            assertThat(server.connectionCount()).isEqualTo(2);
        }
    }

    @Test
    @OwnServer(users = {"one:1", "two:2"})
    void letsOnlyItsUsersIn(NatsServer server, TestStream stream) throws Exception {
        assertThat(stream.publish("a", "x")).isEqualTo(1);
        server.connect("two", "2").close();
        assertThatThrownBy(
                        () ->
                                server.connect(
                                        options ->
                                                options.userInfo("two", "wrong")
                                                        .connectionTimeout(Duration.ofMillis(500))))
                .hasMessageContaining("connect");
    }

    @Test
    void keepsAGivenStoreDirectory(@TempDir Path directory) {
        try (NatsServer server = NatsServer.builder().storeDir(directory).start()) {
            TestStream.create(server).publish("a", "x");
        }
        assertThat(Files.exists(directory.resolve("jetstream"))).isTrue();
    }

    @Test
    void failsWithTheLogWhenTheConfigurationIsWrong() {
        assertThatThrownBy(() -> NatsServer.builder().config("nonsense: 1").start())
                .hasMessageContaining("nonsense");
    }

    @Test
    void insistsOnAFixedPort(NatsServer server) {
        assertThatThrownBy(() -> NatsServer.builder().port(server.port()).start())
                .hasMessageContaining("address already in use");
    }

    @Test
    void knowsItsVersion(NatsServer server) {
        assertThat(server.version()).matches("2\\.\\d+\\.\\d+.*");
        assertThat(server.log()).contains("Version:  " + server.version());
    }

    @Test
    void removesItsFilesOnClose() {
        NatsServer server = NatsServer.start();
        Path files = server.storeDir().getParent();
        assertThat(Files.exists(files)).isTrue();
        server.close();
        assertThat(Files.exists(files)).isFalse();
        assertThat(server.isAlive()).isFalse();
    }
}

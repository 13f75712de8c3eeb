// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.api.ConsumerConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FixtureITCase {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private NatsServer server;

    @BeforeEach
    void capture() {
        server = NatsServer.start();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
        server.close();
    }

    @Test
    void deletesStreamsAndPrintsNothingWhenATestPasses() {
        Fixture fixture = new Fixture(null, () -> server, LONG);
        fixture.stream(0).publish("a", "x");
        TestStream.create(server).publish("a", "x");
        fixture.end("the test", null);
        assertThat(server.monitor("/jsz?streams=true")).contains("\"streams\": 0");
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void printsTheServersLogOfAFailedTestOnly() {
        Fixture fixture = new Fixture(null, () -> server, LONG);
        server.restart();
        fixture.end("the test", new AssertionError());
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("during the test")
                .containsOnlyOnce("Starting nats-server");
    }

    @Test
    void failsForALeakAndStillDeletesTheStreams() throws Exception {
        Fixture fixture = new Fixture(null, () -> server, SHORT);
        TestStream stream = fixture.stream(0);
        stream.management()
                .addOrUpdateConsumer(
                        stream.name(), ConsumerConfiguration.builder().durable("left").build());
        assertThatThrownBy(() -> fixture.end("the test", null)).hasMessageContaining("left");
        assertThat(server.monitor("/jsz?streams=true")).contains("\"streams\": 0");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("during the test");
    }
}

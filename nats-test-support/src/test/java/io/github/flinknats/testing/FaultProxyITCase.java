// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static io.github.flinknats.testing.Direction.FROM_CLIENT;
import static io.github.flinknats.testing.Direction.FROM_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Connection;
import io.nats.client.Connection.Status;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NatsServerExtension.class)
@Timeout(60)
class FaultProxyITCase {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private NatsServer server;
    private FaultProxy proxy;
    private Connection behindProxy;
    private Connection direct;
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void connect(NatsServer shared) throws Exception {
        server = shared;
        proxy = FaultProxy.start(server);
        behindProxy =
                Nats.connect(
                        new Options.Builder()
                                .server(proxy.url())
                                .maxReconnects(-1)
                                .reconnectWait(Duration.ofMillis(20))
                                .reconnectJitter(Duration.ofMillis(1))
                                .errorListener(new io.nats.client.ErrorListener() {})
                                .build());
        direct = server.connect();
    }

    @AfterEach
    void close() throws Exception {
        behindProxy.close();
        direct.close();
        proxy.close();
    }

    @Test
    void passesEverythingUnchanged() throws Exception {
        subscribe(behindProxy, "x");
        publish(direct, "x", 0, 10_000);
        awaitReceived(10_000);
        assertThat(received).isEqualTo(numbers(0, 10_000));
        assertThat(proxy.frames(FROM_SERVER, "MSG")).isEqualTo(10_000);
        assertThat(proxy.frames(FROM_CLIENT, "SUB")).isEqualTo(1);
    }

    @Test
    void cutsAfterExactlySoManyMessages() throws Exception {
        Fault cut = proxy.on(FROM_SERVER, "MSG", 3_000).cut();
        subscribe(behindProxy, "x");
        proxy.refuse(true); // nobody comes back before all is published
        publish(direct, "x", 0, 5_000);
        direct.flush(LIMIT);
        cut.awaitReached(LIMIT);
        awaitReceived(3_000);
        proxy.refuse(false);
        Await.until(
                "it is back", LIMIT, () -> ControlConnection.answers(behindProxy, "$JS.API.INFO"));
        assertThat(proxy.accepted()).isEqualTo(2);
        assertThat(received).isEqualTo(numbers(0, 3_000));
    }

    @Test
    void holdsUntilReleased() throws Exception {
        Fault hold = proxy.on(FROM_SERVER, "MSG", "x", 10).hold();
        subscribe(behindProxy, "x");
        publish(direct, "x", 0, 20);
        hold.awaitReached(LIMIT);
        assertThatThrownBy(() -> behindProxy.flush(SHORT)).isInstanceOf(TimeoutException.class);
        assertThat(received).isEqualTo(numbers(0, 10));
        hold.release();
        awaitReceived(20);
        assertThat(received).isEqualTo(numbers(0, 20));
    }

    @Test
    void delaysOnce() throws Exception {
        proxy.on(FROM_SERVER, "MSG", 5).delay(Duration.ofMillis(300));
        subscribe(behindProxy, "x");
        long start = System.nanoTime();
        publish(direct, "x", 0, 10);
        awaitReceived(10);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(SHORT);
    }

    @Test
    void slowsEachFrame() throws Exception {
        proxy.on(FROM_SERVER, "MSG", 0).slow(Duration.ofMillis(20));
        subscribe(behindProxy, "x");
        long start = System.nanoTime();
        publish(direct, "x", 0, 20);
        awaitReceived(20);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(SHORT);
    }

    @Test
    void silencesOneDirectionOnly() throws Exception {
        proxy.on(FROM_SERVER, "MSG", 5).silence();
        subscribe(behindProxy, "x");
        subscribe(direct, "y");
        publish(direct, "x", 0, 10);
        awaitReceived(5);
        behindProxy.publish("y", "still heard".getBytes(StandardCharsets.UTF_8));
        awaitReceived(6);
        assertThat(received.get(5)).isEqualTo("still heard");
        assertThat(behindProxy.getStatus()).isEqualTo(Status.CONNECTED);
        proxy.heal();
        publish(direct, "x", 10, 12);
        awaitReceived(8);
        assertThat(received.subList(6, 8)).isEqualTo(numbers(10, 12));
    }

    @Test
    @OwnServer
    void hidesTheServersDeathFromASilencedClient() throws Exception {
        subscribe(behindProxy, "x");
        behindProxy.flush(LIMIT);
        Fault silence = proxy.on(FROM_SERVER, "PONG", 1).silence();
        behindProxy.flush(LIMIT);
        silence.awaitReached(LIMIT);
        server.kill();
        assertThatThrownBy(() -> behindProxy.flush(SHORT)).isInstanceOf(TimeoutException.class);
        assertThat(behindProxy.getStatus()).isEqualTo(Status.CONNECTED);
    }

    @Test
    void losesASingleMessage() throws Exception {
        proxy.on(FROM_SERVER, "MSG", 3).drop(1);
        subscribe(behindProxy, "x");
        publish(direct, "x", 0, 6);
        awaitReceived(5);
        assertThat(received).containsExactly("0", "1", "2", "4", "5");
    }

    @Test
    void losesPublicationsToOneSubject(TestStream stream) throws Exception {
        proxy.on(FROM_CLIENT, "PUB", stream.subject("lost"), 1).drop(2);
        publish(behindProxy, stream.subject("lost"), 0, 4);
        publish(behindProxy, stream.subject("kept"), 10, 12);
        behindProxy.flush(LIMIT);
        assertThat(stream.payloads()).containsExactly("0", "3", "10", "11");
    }

    @Test
    void countsFromTheMomentItIsSet() throws Exception {
        subscribe(behindProxy, "x");
        publish(direct, "x", 0, 5);
        awaitReceived(5);
        Fault note = proxy.on(FROM_SERVER, "MSG", 2).note();
        publish(direct, "x", 5, 6);
        awaitReceived(6);
        assertThat(note.isReached()).isFalse();
        publish(direct, "x", 6, 7);
        note.awaitReached(LIMIT);
    }

    @Test
    void refusesNewConnectionsUntilAllowed() throws Exception {
        behindProxy.flush(LIMIT);
        proxy.refuse(true);
        proxy.cutAll();
        Await.until("cut", LIMIT, () -> behindProxy.getStatus() == Status.RECONNECTING);
        assertThat(proxy.accepted()).isEqualTo(1);
        proxy.refuse(false);
        Await.until("back", LIMIT, () -> ControlConnection.answers(behindProxy, "$JS.API.INFO"));
        assertThat(proxy.accepted()).isEqualTo(2);
        Await.until("one link", LIMIT, () -> proxy.connections() == 1);
    }

    @Test
    void leavesNoThreadBehind() {
        proxy.on(FROM_SERVER, "PONG", 0).hold();
        assertThatThrownBy(() -> behindProxy.flush(SHORT)).isInstanceOf(TimeoutException.class);
        proxy.close();
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .noneMatch(name -> name.startsWith("fault-proxy"));
    }

    private void subscribe(Connection connection, String subject) throws Exception {
        Dispatcher dispatcher =
                connection.createDispatcher(
                        message ->
                                received.add(
                                        new String(message.getData(), StandardCharsets.UTF_8)));
        dispatcher.subscribe(subject);
        connection.flush(LIMIT);
    }

    private static void publish(Connection connection, String subject, int from, int to) {
        numbers(from, to)
                .forEach(
                        text -> connection.publish(subject, text.getBytes(StandardCharsets.UTF_8)));
    }

    private void awaitReceived(int count) {
        Await.until(
                count + " received", LIMIT, () -> received.size() >= count, () -> "" + received);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.toList());
    }
}

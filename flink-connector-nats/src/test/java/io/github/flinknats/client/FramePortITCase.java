// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages come off the wire on every kind of connection, and the client gets all the others;
 * parcels are opened on their way out.
 */
@Timeout(120)
class FramePortITCase {
    private static final int MESSAGES = 30_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void readsPlain() throws Exception {
        try (NatsServer server = NatsServer.start()) {
            readTwice(server, server.url(), options -> options);
        }
    }

    @Test
    void readsAfterAnUpgradeToTls() throws Exception {
        TestCertificate certificate = TestCertificate.in(directory);
        try (NatsServer server =
                NatsServer.builder().config(certificate.serverConfig("")).start()) {
            readTwice(server, server.url(), tls(certificate));
        }
    }

    @Test
    void readsWithTlsFirst() throws Exception {
        TestCertificate certificate = TestCertificate.in(directory);
        UnaryOperator<Options.Builder> tls = tls(certificate);
        String first = certificate.serverConfig("handshake_first: true");
        try (NatsServer server =
                NatsServer.builder()
                        .silent()
                        .config(first)
                        .login(options -> tls.apply(options).tlsFirst())
                        .start()) {
            readTwice(server, server.url(), options -> tls.apply(options).tlsFirst());
        }
    }

    private static UnaryOperator<Options.Builder> tls(TestCertificate certificate)
            throws Exception {
        javax.net.ssl.SSLContext context = certificate.clientContext();
        return options -> options.sslContext(context);
    }

    @Test
    void readsOverWebSocket() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String websocket = "websocket { listen: \"127.0.0.1:" + port + "\", no_tls: true }";
        try (NatsServer server = NatsServer.builder().config(websocket).start()) {
            readTwice(server, "ws://127.0.0.1:" + port, options -> options);
        }
    }

    @Test
    void aLineThatBringsMessagesIsNotPinged() throws Exception {
        Listener listener = new Listener();
        Options options =
                new Options.Builder()
                        .pingInterval(Duration.ofSeconds(1))
                        .dataPortType(FramePort.class.getName())
                        .errorListener(listener)
                        .build();
        try (NatsServer server = NatsServer.start();
                Connection publisher = Nats.connect(server.url());
                Connection connection =
                        Nats.connect(new Options.Builder(options).server(server.url()).build())) {
            Taken taken = new Taken();
            listener.routes.add("ours.*", taken);
            connection.createDispatcher().subscribe("ours.*", message -> {});
            connection.flush(LIMIT);
            long before = connection.getStatistics().getPings();
            long until = System.nanoTime() + Duration.ofSeconds(6).toNanos();
            int sent = 0;
            while (System.nanoTime() < until) {
                publisher.publish("ours.a", bytes("m" + sent++));
                publisher.flush(LIMIT); // Not more than the server takes.
            }
            taken.await(sent);
            assertThat(taken.texts()).isEqualTo(expected(sent));
            assertThat(connection.getStatistics().getPings() - before).isLessThanOrEqualTo(2);
        }
    }

    /** Before and after a reconnect, while others' messages come too. */
    private static void readTwice(
            NatsServer server, String url, UnaryOperator<Options.Builder> customizer)
            throws Exception {
        Listener listener = new Listener();
        Options.Builder options =
                new Options.Builder()
                        .server(url)
                        .ignoreDiscoveredServers()
                        .reconnectWait(Duration.ofMillis(50))
                        .dataPortType(FramePort.class.getName())
                        .errorListener(listener);
        try (Connection connection = Nats.connect(customizer.apply(options).build())) {
            Taken taken = new Taken();
            AtomicInteger byDispatcher = new AtomicInteger();
            AtomicInteger others = new AtomicInteger();
            listener.routes.add("ours.*", taken);
            Dispatcher dispatcher = connection.createDispatcher();
            dispatcher.subscribe("ours.*", message -> byDispatcher.incrementAndGet());
            dispatcher.subscribe("others", message -> others.incrementAndGet());
            publish(connection, 0, MESSAGES);
            taken.await(MESSAGES);

            server.kill();
            server.restart();
            Await.until(
                    "reconnected",
                    LIMIT,
                    () -> connection.getStatus() == Connection.Status.CONNECTED);
            publish(connection, MESSAGES, 2 * MESSAGES);
            taken.await(2 * MESSAGES);
            Await.until("others' messages", LIMIT, () -> others.get() == 2 * MESSAGES);

            assertThat(taken.texts()).isEqualTo(expected(2 * MESSAGES));
            assertThat(byDispatcher).hasValue(0);
        }
    }

    private static void publish(Connection connection, int from, int to) throws Exception {
        Parcel parcel = new Parcel();
        ByteText nothing = new ByteText(0);
        for (int i = from; i < to; i++) {
            boolean alone = i % 100 == 99;
            if (alone || !parcel.add(bytes("ours.a"), nothing, bytes("m" + i))) {
                connection.publish(Parcel.SUBJECT, parcel.take());
                connection.publish("ours.a", bytes("m" + i));
            }
            connection.publish("others", bytes("other"));
        }
        if (!parcel.isEmpty()) {
            connection.publish(Parcel.SUBJECT, parcel.take());
        }
        connection.flush(LIMIT);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> expected(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).collect(Collectors.toList());
    }

    private static final class Listener implements ErrorListener, FramePort.RoutesHolder {
        private final FrameRoutes routes = new FrameRoutes();

        @Override
        public void broken(IOException problem) {
            // Nothing is connecting here.
        }

        @Override
        public FrameRoutes routes() {
            return routes;
        }
    }

    private static final class Taken implements FrameSink {
        private final List<String> texts = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onFrame(Frame frame) {
            texts.add(new String(frame.payload(), StandardCharsets.UTF_8));
        }

        @Override
        public void onReadDone() {}

        void await(int count) {
            Await.until(
                    count + " messages",
                    LIMIT,
                    () -> texts.size() >= count,
                    () -> texts.size() + " messages");
        }

        List<String> texts() {
            synchronized (texts) {
                return new ArrayList<>(texts);
            }
        }
    }
}

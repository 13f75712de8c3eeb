// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a connection on which something goes wrong: it is given up, with the reason. */
@Timeout(60)
class FramePortTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<String> taken = new CopyOnWriteArrayList<>();

    @Test
    void givesUpAConnectionThatBringsGarbage() throws Exception {
        readUntilClosed("MSG ours.a %s 3\r\nonetwo\r\n");
        assertThat(problems)
                .anyMatch(
                        text ->
                                text.contains(
                                        "The server sent a message that does not end where its"
                                                + " size says"));
        assertThat(taken).containsExactly("first");
    }

    @Test
    void givesUpAConnectionWhoseMessagesCannotBeTaken() throws Exception {
        readUntilClosed("MSG ours.a %s 6\r\nrefuse\r\n");
        assertThat(problems).anyMatch(text -> text.contains("Cannot take in what the server sent"));
        assertThat(taken).containsExactly("first");
    }

    private void readUntilClosed(String frame) throws Exception {
        Listener listener = new Listener();
        listener.routes.add("ours.*", new Taker());
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(server, frame), "garbage-server");
            serving.start();
            Options options =
                    new Options.Builder()
                            .server("nats://127.0.0.1:" + server.getLocalPort())
                            .noReconnect()
                            .dataPortType(FramePort.class.getName())
                            .errorListener(listener)
                            .build();
            try (Connection connection = Nats.connect(options)) {
                connection.createDispatcher().subscribe("ours.*", message -> {});
                Await.until(
                        "the connection is given up",
                        LIMIT,
                        () -> connection.getStatus() == Connection.Status.CLOSED);
                Await.until("the reason is told", LIMIT, () -> !problems.isEmpty());
            }
            serving.join(LIMIT.toMillis());
            assertThat(serving.isAlive()).as("still waits for the client to hang up").isFalse();
        }
    }

    /** One connection: a good message to the first subscription, then the given frame. */
    private static void serve(ServerSocket server, String frame) {
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            send(out, "INFO {\"server_id\":\"x\",\"version\":\"2.15.1\",\"max_payload\":1024}\r\n");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("PING")) {
                    send(out, "PONG\r\n");
                } else if (line.startsWith("SUB ")) {
                    String number = line.substring(line.lastIndexOf(' ') + 1);
                    send(out, "MSG ours.a " + number + " 5\r\nfirst\r\n");
                    send(out, String.format(frame, number));
                }
            }
        } catch (IOException e) {
            // The client hung up.
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private final class Taker implements FrameSink {
        @Override
        public void onFrame(Frame frame) {
            String text = new String(frame.payload(), StandardCharsets.UTF_8);
            if (text.equals("refuse")) {
                throw new IllegalStateException("not this one");
            }
            taken.add(text);
        }

        @Override
        public void onReadDone() {}
    }

    private final class Listener implements ErrorListener, FramePort.RoutesHolder {
        private final FrameRoutes routes = new FrameRoutes();

        @Override
        public void broken(IOException problem) {
            // Nothing is connecting here.
        }

        @Override
        public FrameRoutes routes() {
            return routes;
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception exception) {
            problems.add(String.valueOf(exception));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.NatsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Sends to a server what no client would. */
final class RawPublisher {
    private RawPublisher() {}

    /**
     * Publishes one message, and waits until the server has taken it.
     *
     * @param headers the block as it is to be sent, empty for none
     */
    static void publish(NatsServer server, String subject, String headers, String payload) {
        byte[] block = headers.getBytes(StandardCharsets.UTF_8);
        byte[] data = payload.getBytes(StandardCharsets.UTF_8);
        URI uri = URI.create(server.url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            OutputStream out = socket.getOutputStream();
            send(out, "CONNECT {\"verbose\":false,\"headers\":true}\r\n");
            send(
                    out,
                    block.length == 0
                            ? "PUB " + subject + " " + data.length + "\r\n"
                            : "HPUB "
                                    + subject
                                    + " "
                                    + block.length
                                    + " "
                                    + (block.length + data.length)
                                    + "\r\n");
            out.write(block);
            out.write(data);
            send(out, "\r\nPING\r\n");
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine()).startsWith("INFO ");
            assertThat(in.readLine()).isEqualTo("PONG");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

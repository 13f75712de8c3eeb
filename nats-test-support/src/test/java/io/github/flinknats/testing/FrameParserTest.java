// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FrameParserTest {

    private static final String SERVER =
            "INFO {\"server_id\":\"x\"}\r\n"
                    + "MSG a.b 1 3\r\nhey\r\n"
                    + "MSG a.b 1 $JS.ACK.s.c.1.1.1.1.0 0\r\n\r\n"
                    + "HMSG a.c 2 $JS.ACK.s.c.1 18 22\r\nNATS/1.0\r\nk: v\r\n\r\n\r\n\r\n\r\n"
                    + "HMSG _INBOX.1 3 31 31\r\nNATS/1.0 100 Idle Heartbeat\r\n\r\n\r\n"
                    + "+OK\r\n"
                    + "-ERR 'Permissions Violation'\r\n"
                    + "PING\r\n";

    private static final String CLIENT =
            "CONNECT {\"verbose\":false}\r\n"
                    + "SUB _INBOX.1.* 3\r\n"
                    + "PUB $JS.API.CONSUMER.MSG.NEXT.s.c _INBOX.1.1 2\r\n{}\r\n"
                    + "pub  a.b\t5\r\n\r\n\r\n!\r\n"
                    + "HPUB a.b 12 13\r\nNATS/1.0\r\n\r\nx\r\n"
                    + "UNSUB 3\r\n"
                    + "PONG\r\n";

    @Test
    void cutsWhatAServerSends() {
        assertThat(kinds(frames(SERVER, SERVER.length())))
                .containsExactly(
                        "INFO ",
                        "MSG a.b",
                        "MSG a.b",
                        "MSG a.c",
                        "STATUS _INBOX.1",
                        "+OK ",
                        "-ERR ",
                        "PING ");
    }

    @Test
    void cutsWhatAClientSends() {
        assertThat(kinds(frames(CLIENT, CLIENT.length())))
                .containsExactly(
                        "CONNECT ",
                        "SUB _INBOX.1.*",
                        "PUB $JS.API.CONSUMER.MSG.NEXT.s.c",
                        "PUB a.b",
                        "PUB a.b",
                        "UNSUB ",
                        "PONG ");
    }

    @Test
    void knowsAMessageByKindOperationAndStatus() {
        List<Frame> frames = frames(SERVER, SERVER.length());
        Frame headers = frames.get(3);
        assertThat(headers.is("MSG")).isTrue();
        assertThat(headers.is("HMSG")).isTrue();
        assertThat(headers.is("STATUS")).isFalse();
        Frame heartbeat = frames.get(4);
        assertThat(heartbeat.is("MSG")).isFalse();
        assertThat(heartbeat.is("STATUS")).isTrue();
        assertThat(heartbeat.is("100")).isTrue();
        assertThat(heartbeat.is("409")).isFalse();
    }

    @Test
    void givesBackEveryByteHoweverItArrives() {
        for (String text : List.of(SERVER, CLIENT)) {
            List<String> whole = kinds(frames(text, text.length()));
            for (int size = 1; size < text.length(); size++) {
                List<Frame> frames = frames(text, size);
                assertThat(kinds(frames)).isEqualTo(whole);
                assertThat(bytes(frames)).isEqualTo(text);
            }
        }
    }

    @Test
    void holdsFramesLargerThanItsBuffer() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            String payload = "x\r\n".repeat(random.nextInt(100_000));
            text.append("MSG a 1 ").append(payload.length()).append("\r\n").append(payload);
            text.append("\r\n");
        }
        List<Frame> frames = frames(text.toString(), 70_001);
        assertThat(frames).as("seed %s", seed).hasSize(50);
        assertThat(bytes(frames).equals(text.toString())).as("seed %s", seed).isTrue();
    }

    @Test
    void refusesWhatIsNotTheProtocol() {
        assertThatThrownBy(() -> frames("MSG a b c\r\n", 64))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MSG a b c");
        assertThatThrownBy(() -> frames("MSG a 1 1\r\ntoo long\r\n", 64))
                .hasMessageContaining("MSG a 1 1");
        assertThatThrownBy(() -> frames("x".repeat(2_000_000), 70_000))
                .hasMessageContaining("not the NATS protocol");
    }

    private static List<Frame> frames(String text, int chunk) {
        FrameParser parser = new FrameParser();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += chunk) {
            int length = Math.min(chunk, bytes.length - at);
            byte[] part = new byte[length];
            System.arraycopy(bytes, at, part, 0, length);
            parser.feed(part, length);
            for (Frame frame = parser.next(); frame != null; frame = parser.next()) {
                frames.add(frame);
            }
        }
        return frames;
    }

    private static List<String> kinds(List<Frame> frames) {
        return frames.stream()
                .map(frame -> frame.kind() + " " + frame.subject())
                .collect(Collectors.toList());
    }

    private static String bytes(List<Frame> frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(frame -> all.writeBytes(frame.bytes()));
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameReaderTest {
    private static final int BUFFER = 64 << 10;
    private static final int OURS = 7;
    private static final int ALSO_OURS = 12;

    private static final String STATUS =
            "NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 5\r\n\r\n";

    /** What a connection brings, with the first and the last of ours in the midst of others'. */
    private final Wire wire =
            new Wire()
                    .line("INFO {\"max_payload\":1048576}")
                    .line("PONG")
                    .other(
                            "MSG",
                            "_INBOX.api.1",
                            1,
                            "",
                            "{\"type\":\"answer\"}\r\nMSG a 7 0\r\n\r\n")
                    .ours("orders.1", OURS, "$JS.ACK.S.c.1.1.1.5.9", null, "one")
                    .ours("orders.2", OURS, "$JS.ACK.S.c.1.2.2.5.8", "NATS/1.0\r\nk: v\r\n\r\n", "")
                    .line("PING")
                    .ours("größe", ALSO_OURS, "", null, "MSG b 7 3\r\nxyz\r\n")
                    .ours("orders.3", OURS, "$JS.ACK.S.c.1.3.3.5.7", null, "")
                    .ours("_INBOX.x.1", OURS, "", STATUS, "")
                    .line("+OK")
                    .line("-ERR 'Permissions Violation for Publish to \"MSG a 7 1\"'")
                    .other("MSG", "orders.4", 70, "", "not ours")
                    .ours("orders.5", OURS, "$JS.ACK.S.c.1.4.5.5.6", "NATS/1.0\r\n\r\n", "\r\n")
                    .line("HM!")
                    .line("Msgs");

    @Test
    void takesOursAndLeavesTheRestInOneRead() throws Exception {
        assertThat(new Run().feed(wire.bytes())).isEqualTo(wire.expected());
    }

    @Test
    void findsTheSameWhereverReadsEnd() throws Exception {
        byte[] all = wire.bytes();
        for (int cut = 1; cut < all.length; cut++) {
            Run run = new Run();
            run.feed(Arrays.copyOfRange(all, 0, cut));
            run.feed(Arrays.copyOfRange(all, cut, all.length));
            assertThat(run).as("cut at " + cut).isEqualTo(wire.expected());
        }
    }

    @Test
    void findsTheSameByteByByte() throws Exception {
        Run run = new Run();
        for (byte each : wire.bytes()) {
            run.feed(new byte[] {each});
        }
        assertThat(run).isEqualTo(wire.expected());
    }

    @Test
    void findsTheSameInAnyMixAndAnyPieces() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 3_000; round++) {
            Wire mix = Wire.random(random);
            Run run = new Run();
            byte[] all = mix.bytes();
            int at = 0;
            while (at < all.length) {
                int step = Math.min(all.length - at, 1 + random.nextInt(300));
                run.feed(Arrays.copyOfRange(all, at, at + step));
                at += step;
            }
            assertThat(run).as("round " + round).isEqualTo(mix.expected());
        }
    }

    @Test
    void takesMessagesLargerThanTheBuffer() throws Exception {
        String giant = "x".repeat(5 << 20) + "\r\nMSG a 7 0\r\n";
        Wire large =
                new Wire()
                        .ours("a", OURS, "$JS.ACK.S.c.1.1.1.5.9", null, giant)
                        .ours(
                                "a",
                                OURS,
                                "r",
                                "NATS/1.0\r\nk: " + "v".repeat(60_000) + "\r\n\r\n",
                                "p")
                        .other("MSG", "b", 1, "", giant)
                        .ours("a", OURS, "", null, "last");
        Run run = new Run();
        byte[] all = large.bytes();
        for (int at = 0; at < all.length; at += 40_000) {
            run.feed(Arrays.copyOfRange(all, at, Math.min(all.length, at + 40_000)));
        }
        assertThat(run).isEqualTo(large.expected());
    }

    @Test
    void tellsEachTakerOnceThatAReadIsDone() throws Exception {
        Run run = new Run();
        run.feed(wire.bytes());
        assertThat(run.reader.readDone()).isTrue();
        assertThat(run.done).containsExactly(OURS, ALSO_OURS);
        assertThat(run.reader.readDone()).isFalse();
        assertThat(run.done).containsExactly(OURS, ALSO_OURS);
    }

    @Test
    void leavesTheMessagesOfAForgottenSubscription() throws Exception {
        Run run = new Run();
        byte[] message = new Wire().ours("a", OURS, "", null, "x").bytes();
        run.feed(message);
        run.subscriptions.onWrite(bytes("UNSUB 7\r\n"), 9);
        run.feed(message);
        assertThat(run.taken).hasSize(1);
        assertThat(run.left.toByteArray()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MSG a 7~ | has a wrong number of words",
                "MSG a 7 ~ | has a wrong number of words",
                "MSG a 7 r x 3~abc~ | has a wrong number of words",
                "MSG a 7 b c 1 1~ | has a wrong number of words",
                "MSG a 7 -1~ | has an impossible size",
                "MSG a 7 1x~x~ | has an impossible size",
                "MSG a 7 9999999999~ | has an impossible size",
                "MSG a 7 99999999999999999999999~ | has an impossible size",
                "MSG a 7 3%abc~ | does not end with CR LF",
                "MSG a^7 3~abc~ | does not end with CR LF",
                "MSG a 7 2~abc~ | ends elsewhere",
                "MSG a 7 4~abc~ | ends elsewhere",
                "MSG a 7 3~abc%^ | ends elsewhere",
                "MSG_~ | has a wrong number of words",
                "HMSG a 7 3~abc~ | has a wrong number of words",
                "HMSG a 7 4 3~abc~ | has an impossible size",
                "HMSG a 7 r 4 x~abcd~ | has an impossible size"
            })
    void refusesWhatNoServerSends(String garbage, String problem) {
        Run run = new Run();
        String sent =
                garbage.replace("~", "\r\n")
                        .replace('%', '\n')
                        .replace('^', '\r')
                        .replace('_', '\t');
        assertThatThrownBy(() -> run.feed(bytes(sent + "PING\r\n")))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(
                        problem.equals("ends elsewhere")
                                ? "The server sent a message that does not end where its size says"
                                : "The server sent a message line that " + problem);
        assertThat(run.taken).isEmpty();
    }

    @Test
    void refusesALineWithoutEnd() {
        Run run = new Run();
        assertThatThrownBy(
                        () -> {
                            run.feed(bytes("MSG "));
                            for (int i = 0; i < 20; i++) {
                                run.feed(bytes("a".repeat(1_000)));
                            }
                        })
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("is longer than 16384 bytes");
    }

    /** A size is what a line says, and anybody can say a number. */
    @Test
    void takesNoMemoryForWhatHasNotCome() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        Run run = new Run();
        long before = threads.getThreadAllocatedBytes(id);
        run.feed(bytes("MSG a 7 2147483600\r\n" + "x".repeat(100)));
        new Run().feed(bytes("HMSG a 7 2147483000 2147483600\r\n" + "x".repeat(100)));
        assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(8 << 20);

        // What does come is taken in, however large it is.
        Run large = new Run();
        String body = "0123456789".repeat(300_000);
        byte[] all = new Wire().ours("a", OURS, "", "NATS/1.0\r\nk: " + body, body).bytes();
        for (int at = 0; at < all.length; at += 60_000) {
            large.feed(Arrays.copyOfRange(all, at, Math.min(all.length, at + 60_000)));
        }
        assertThat(large)
                .isEqualTo(
                        new Wire().ours("a", OURS, "", "NATS/1.0\r\nk: " + body, body).expected());
    }

    /** Short lines of what lines are made of, most of them wrong. */
    @Test
    void refusesLinesOrTakesThem() {
        SplittableRandom random = new SplittableRandom(2);
        String[] parts = {
            "MSG",
            "HMSG",
            "msg",
            " ",
            " ",
            " ",
            "\t",
            "\r\n",
            "\r\n",
            "\r",
            "\n",
            "a",
            "7",
            "12",
            "3",
            "0",
            "-1",
            "99999999999",
            "2147483647",
            "abc",
            "PING",
            "\u00ff",
            "\u0000"
        };
        FrameSubscriptions subscriptions = new Run().subscriptions;
        byte[] buffer = new byte[1_024];
        int refused = 0;
        for (int round = 0; round < 1_000_000; round++) {
            int to = 0;
            for (int n = random.nextInt(1, 14); n > 0; n--) {
                for (char c : parts[random.nextInt(parts.length)].toCharArray()) {
                    buffer[to++] = (byte) c;
                }
            }
            try {
                int left = new FrameReader(subscriptions).take(buffer, 0, to);
                if (left > to) {
                    throw new AssertionError(left + " of " + to + " bytes are left");
                }
            } catch (ProtocolException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(10_000, 990_000);
    }

    @Test
    void neverStumblesOverGarbage() {
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] all = wire.bytes();
            for (int i = 0; i <= random.nextInt(3); i++) {
                all[random.nextInt(all.length)] = (byte) random.nextInt(256);
            }
            Run run = new Run();
            try {
                run.feed(Arrays.copyOfRange(all, 0, all.length / 2));
                run.feed(Arrays.copyOfRange(all, all.length / 2, all.length));
                assertThat(run.left.size()).isLessThanOrEqualTo(all.length);
            } catch (ProtocolException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 49_000);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One connection: what was taken out, and what was left. */
    private static final class Run {
        final FrameSubscriptions subscriptions;
        final FrameReader reader;
        final List<String> taken = new ArrayList<>();
        final List<Integer> done = new ArrayList<>();
        final ByteArrayOutputStream left = new ByteArrayOutputStream();

        Run() {
            FrameRoutes routes = new FrameRoutes();
            routes.add("ours.*", sink(OURS));
            routes.add("ours.too", sink(ALSO_OURS));
            subscriptions = new FrameSubscriptions(routes);
            byte[] subs = bytes("SUB ours.* 7\r\nSUB others 70\r\nSUB ours.too 12\r\n");
            subscriptions.onWrite(subs, subs.length);
            reader = new FrameReader(subscriptions);
        }

        private FrameSink sink(int number) {
            return new FrameSink() {
                @Override
                public void onFrame(Frame frame) {
                    taken.add(text(number, frame));
                }

                @Override
                public void onReadDone() {
                    done.add(number);
                }
            };
        }

        private static String text(int number, Frame frame) {
            byte[] headers = frame.headers();
            return describe(
                    new String(
                            frame.line(),
                            frame.subjectStart(),
                            frame.subjectEnd() - frame.subjectStart(),
                            StandardCharsets.UTF_8),
                    number,
                    new String(
                            frame.line(),
                            frame.replyStart(),
                            frame.replyEnd() - frame.replyStart(),
                            StandardCharsets.UTF_8),
                    headers == null ? null : new String(headers, StandardCharsets.UTF_8),
                    new String(frame.payload(), StandardCharsets.UTF_8),
                    frame.bytes());
        }

        static String describe(
                String subject, int number, String reply, String headers, String body, long size) {
            return String.join("|", subject, number + "", reply, headers + "", body, size + "");
        }

        /** As a port reads, behind some bytes that are none of its business. */
        Run feed(byte[] bytes) throws ProtocolException {
            byte[] buffer = new byte[BUFFER];
            int off = 3;
            int begun = reader.putBack(buffer, off);
            System.arraycopy(bytes, 0, buffer, off + begun, bytes.length);
            int end = reader.take(buffer, off, off + begun + bytes.length);
            left.write(buffer, off, end - off);
            Arrays.fill(buffer, (byte) '?'); // The client uses it again.
            return this;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Run && toString().equals(other.toString());
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }

        @Override
        public String toString() {
            return String.join("\n", taken)
                    + "\n-- left --\n"
                    + new String(left.toByteArray(), StandardCharsets.UTF_8);
        }
    }

    /** What a server sends, and what is to become of it. */
    private static final class Wire {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private final Run expected = new Run();

        Wire line(String line) {
            return left(line + "\r\n");
        }

        private Wire left(String text) {
            all.writeBytes(bytes(text));
            expected.left.writeBytes(bytes(text));
            return this;
        }

        Wire other(String op, String subject, int number, String reply, String payload) {
            return left(
                    frame(
                            op,
                            subject,
                            number,
                            reply,
                            payload.getBytes(StandardCharsets.UTF_8).length + "",
                            payload));
        }

        private static String frame(
                String op, String subject, int number, String reply, String sizes, String body) {
            String between = reply.isEmpty() ? " " : " " + reply + " ";
            return op + " " + subject + " " + number + between + sizes + "\r\n" + body + "\r\n";
        }

        Wire ours(String subject, int number, String reply, String headers, String payload) {
            int headerSize = headers == null ? 0 : bytes(headers).length;
            int size = headerSize + bytes(payload).length;
            String sizes = headers == null ? size + "" : headerSize + " " + size;
            String body = headers == null ? payload : headers + payload;
            String op = headers == null ? "MSG" : "HMSG";
            all.writeBytes(bytes(frame(op, subject, number, reply, sizes, body)));
            long counted = (long) bytes(subject).length + bytes(reply).length + size;
            expected.taken.add(Run.describe(subject, number, reply, headers, payload, counted));
            return this;
        }

        static Wire random(SplittableRandom random) {
            Wire wire = new Wire();
            int frames = 1 + random.nextInt(30);
            for (int i = 0; i < frames; i++) {
                String payload = "p\r\n".repeat(random.nextInt(random.nextBoolean() ? 4 : 200));
                String reply = random.nextBoolean() ? "$JS.ACK.S.c.1." + i + ".1.5.9" : "";
                String headers = random.nextBoolean() ? "NATS/1.0\r\nk:v" + i + "\r\n\r\n" : null;
                switch (random.nextInt(4)) {
                    case 0:
                        wire.line(random.nextBoolean() ? "PING" : "INFO {\"a\":\"MSG a 7 1\"}");
                        break;
                    case 1:
                        wire.other("MSG", "x." + i, 1 + random.nextInt(6), reply, payload);
                        break;
                    default:
                        int number = random.nextBoolean() ? OURS : ALSO_OURS;
                        wire.ours("s." + i, number, reply, headers, payload);
                        break;
                }
            }
            return wire;
        }

        byte[] bytes() {
            return all.toByteArray();
        }

        private static byte[] bytes(String text) {
            return FrameReaderTest.bytes(text);
        }

        Run expected() {
            return expected;
        }
    }
}

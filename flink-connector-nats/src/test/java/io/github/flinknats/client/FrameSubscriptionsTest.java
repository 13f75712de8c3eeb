// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSubscriptionsTest {
    private final FrameRoutes routes = new FrameRoutes();
    private final FrameSubscriptions subscriptions = new FrameSubscriptions(routes);

    FrameSubscriptionsTest() {
        routes.add("inbox.*", new Nobody());
        routes.add("größe.*", new Nobody());
    }

    private String write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // The client's buffer is larger and holds what was sent before.
        byte[] buffer = Arrays.copyOf(bytes, bytes.length + 100);
        byte[] old = "SUB inbox.* 99\r\n".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(old, 0, buffer, bytes.length, old.length);
        int left = subscriptions.onWrite(buffer, bytes.length);
        return new String(buffer, 0, left, StandardCharsets.UTF_8);
    }

    private List<Integer> known() {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            if (subscriptions.find(i) != null) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    @Test
    void learnsNumbersAmongEverythingElse() {
        write(
                "CONNECT {\"verbose\":false}\r\nPING\r\nSUB other 1\r\nSUB inbox.* 2\r\n"
                        + "PUB a 0\r\n\r\nPUB a r 18\r\nSUB inbox.* 50\r\n\r\n\r\n"
                        + "HPUB a r 12 30\r\nNATS/1.0\r\n\r\nSUB inbox.* 51\r\nxx\r\nPONG\r\n"
                        + "SUB größe.* 3\r\nSUB inbox.* 4\r\n");
        assertThat(known()).containsExactly(2, 3, 4);
    }

    @Test
    void leavesWhatIsNoParcelAsItIs() {
        String text =
                "PING\r\nPUB _PARCEL.x 4\r\nab\r\n\r\nHPUB a r 12 14\r\nNATS/1.0\r\n\r\nxx\r\nPONG\r\n";
        assertThat(write(text)).isEqualTo(text);
        assertThat(write("PUB a 3")).as("not a whole line").isEqualTo("PUB a 3");
    }

    @Test
    void opensParcels() {
        Parcel parcel = new Parcel();
        assertThat(add(parcel, "a", "", "", "first")).isTrue();
        assertThat(add(parcel, "b.größe", "r.1", "NATS/1.0\r\nk:v\r\n\r\n", "")).isTrue();
        String one =
                parcel("PUB a 5\r\nfirst\r\nHPUB b.größe r.1 17 17\r\nNATS/1.0\r\nk:v\r\n\r\n\r\n");
        assertThat(parcel(new String(parcel.take(), StandardCharsets.UTF_8) + "\r\n"))
                .isEqualTo(one);
        assertThat(parcel.isEmpty()).isTrue();
        assertThat(write("PING\r\n" + one + "SUB inbox.* 2\r\n" + one + "PONG\r\n"))
                .isEqualTo("PING\r\n" + open(one) + "SUB inbox.* 2\r\n" + open(one) + "PONG\r\n");
        assertThat(known()).containsExactly(2);
    }

    private static boolean add(
            Parcel parcel, String subject, String reply, String headers, String payload) {
        return parcel.add(
                subject.getBytes(StandardCharsets.UTF_8),
                new ByteText(1).add(reply.getBytes(StandardCharsets.UTF_8)),
                new ByteText(1).add(headers.getBytes(StandardCharsets.UTF_8)),
                payload.getBytes(StandardCharsets.UTF_8));
    }

    private static String parcel(String frames) {
        int size = frames.getBytes(StandardCharsets.UTF_8).length - 2;
        return "PUB " + Parcel.SUBJECT + " " + size + "\r\n" + frames;
    }

    private static String open(String parcel) {
        return parcel.substring(parcel.indexOf('\n') + 1);
    }

    @Test
    void refusesAParcelThatIsNotWhole() {
        String whole = parcel("PUB a 5\r\nfirst\r\n");
        assertThatThrownBy(() -> write(whole.substring(0, whole.length() - 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("whole messages");
    }

    @Test
    void takesNothingIntoAParcelThatCannotBeSent() {
        Parcel parcel = new Parcel();
        assertThatThrownBy(() -> add(parcel, "a b", "", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Subject contains a space or control character");
        assertThatThrownBy(() -> add(parcel, "", "", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Subject is empty");
        assertThatThrownBy(() -> add(parcel, "x".repeat(4_090), "", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Control line is too long");
        assertThat(add(parcel, "a", "", "", "x".repeat(Parcel.MOST_BYTES))).isFalse();
        assertThat(add(parcel, "a", "", "", "x".repeat(Parcel.MOST_BYTES - 25))).isTrue();
        assertThat(add(parcel, "a", "", "", "xx")).as("full").isFalse();
    }

    @Test
    void forgetsWhatIsUnsubscribed() {
        write("SUB inbox.* 2\r\nSUB inbox.* 3\r\n");
        Object before = subscriptions.version();
        write("UNSUB 3\r\nUNSUB 2 10\r\nUNSUB 7\r\n");
        assertThat(known()).as("2 still gets ten messages").containsExactly(2);
        assertThat(subscriptions.version()).isNotSameAs(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUB inbox.* group 5\r\n",
                "SUB inbox.>  5\r\n",
                "SUB inbox.* five\r\n",
                "SUB inbox.* 5",
                "SUBS inbox.* 5\r\n",
                "PUB a x\r\n",
                "PUB a 999999999999\r\nSUB inbox.* 5\r\n",
                "\r\n",
                ""
            })
    void leavesAloneWhatItDoesNotUnderstand(String text) {
        write(text);
        assertThat(known()).isEmpty();
    }

    private static final class Nobody implements FrameSink {
        @Override
        public void onFrame(Frame frame) {}

        @Override
        public void onReadDone() {}
    }
}

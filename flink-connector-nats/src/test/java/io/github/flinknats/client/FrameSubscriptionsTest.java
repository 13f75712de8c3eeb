// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;

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

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // The client's buffer is larger and holds what was sent before.
        byte[] buffer = Arrays.copyOf(bytes, bytes.length + 100);
        byte[] old = "SUB inbox.* 99\r\n".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(old, 0, buffer, bytes.length, old.length);
        subscriptions.onWrite(buffer, bytes.length);
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

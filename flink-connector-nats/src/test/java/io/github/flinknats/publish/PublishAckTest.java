// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishAckTest {

    private static PublishAck parse(String answer) {
        return PublishAck.parse(answer.getBytes(StandardCharsets.UTF_8));
    }

    private static String seen(String answer) {
        PublishAck ack = parse(answer);
        PublishAck.Refusal refusal = ack.refusal();
        return ack.stream()
                + " "
                + ack.sequence()
                + (ack.isDuplicate() ? " duplicate" : "")
                + (refusal == null
                        ? ""
                        : " refused "
                                + refusal.code()
                                + " "
                                + refusal.errorCode()
                                + " "
                                + refusal.description());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"stream\":\"ORDERS\",\"seq\":17}",
                "{\"stream\":\"ORDERS\", \"seq\":17}", // up to 2.11
                "{\"stream\":\"ORDERS\", \"seq\": 17}",
                "{\"stream\":\"ORDERS\",\"domain\":\"hub\",\"seq\":17}",
                "{\"seq\":17,\"stream\":\"ORDERS\"}",
                "{\"stream\":\"ORDERS\",\"seq\":17,\"batch\":\"b\",\"count\":3}"
            })
    void readsWhereTheMessageIs(String answer) {
        assertThat(seen(answer)).isEqualTo("ORDERS 17");
    }

    @Test
    void readsTheDomain() {
        assertThat(parse("{\"stream\":\"ORDERS\",\"domain\":\"hub\",\"seq\":17}").domain())
                .isEqualTo("hub");
        assertThat(parse("{\"stream\":\"ORDERS\",\"seq\":17}").domain()).isEmpty();
    }

    @Test
    void readsWhatElseAStreamSays() {
        assertThat(seen("{\"stream\":\"ORDERS\",\"seq\":17,\"duplicate\":true}"))
                .isEqualTo("ORDERS 17 duplicate");
        assertThat(seen("{\"stream\":\"Aufträge\",\"seq\":1}")).isEqualTo("Aufträge 1");
        assertThat(seen("{\"stream\":\"a\\\\b\",\"seq\":1}")).isEqualTo("a\\b 1");
        assertThat(seen("{\"stream\":\"S\",\"seq\":999999999999999999}"))
                .isEqualTo("S 999999999999999999");
        assertThat(seen("{\"stream\":\"S\",\"seq\":1000000000000000000}"))
                .isEqualTo("S 1000000000000000000");
        assertThat(
                        seen(
                                "{\"error\":{\"code\":503,\"err_code\":10077,\"description\":"
                                        + "\"maximum messages exceeded\"},\"stream\":\"S\","
                                        + "\"seq\":0}"))
                .isEqualTo("S 0 refused 503 10077 maximum messages exceeded");
        assertThat(seen("{\"error\":{\"code\":400},\"seq\":0}"))
                .isEqualTo(" 0 refused 400 0 no reason given");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+ACK",
                "{}",
                "{\"stream\":\"S\"}",
                "{\"stream\":\"S\",\"seq\":0}",
                "{\"stream\":\"\",\"seq\":1}",
                "{\"stream\":\"S\",\"seq\":-1}",
                "{\"stream\":\"S\",\"seq\":1",
                "[1]"
            })
    void refusesWhatNoStreamSays(String answer) {
        assertThatThrownBy(() -> parse(answer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        answer.isEmpty() || answer.matches("[\\[{].*[\\]}]")
                                ? "it names neither a sequence nor an error"
                                : "it is not JSON");
    }

    @Test
    void survivesAnything() {
        Random random = new Random(7);
        byte[] good = "{\"stream\":\"ORDERS\",\"seq\":17}".getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] answer = good.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                answer[random.nextInt(answer.length)] = (byte) random.nextInt(256);
            }
            try {
                PublishAck ack = PublishAck.parse(answer);
                assertThat(ack.refusal() != null || ack.sequence() > 0).isTrue();
                read++;
            } catch (IllegalArgumentException expected) {
                // No answer of a stream.
            }
        }
        assertThat(read).isPositive();
    }
}

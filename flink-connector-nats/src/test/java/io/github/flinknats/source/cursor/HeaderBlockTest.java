// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.record.HeaderBlock;
import io.github.flinknats.record.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderBlockTest {
    private static final int FUZZ_CASES = 1_000_000;
    private static final List<String> GOOD =
            List.of(
                    "NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 5\r\nNats-Last-Stream: 7\r\n\r\n",
                    "NATS/1.0 400 Bad Request\r\n\r\n",
                    "NATS/1.0 404 No Messages\r\n\r\n",
                    "NATS/1.0 408 Request Timeout\r\nNats-Pending-Messages: 3\r\nNats-Pending-Bytes:"
                            + " 99\r\n\r\n",
                    "NATS/1.0 409 Message Size Exceeds MaxBytes\r\n\r\n",
                    "NATS/1.0 503\r\n\r\n",
                    "NATS/1.0\r\nname: J\u00fcrgen\r\nk: v\r\nk:w\r\n\r\n");

    private static HeaderBlock parse(String block) {
        return HeaderBlock.parse(block.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsStatusesAndHeaders() {
        HeaderBlock heartbeat = parse(GOOD.get(0));
        assertThat(heartbeat.isHeartbeat()).isTrue();
        assertThat(heartbeat.number("Nats-Last-Consumer")).isEqualTo(5);
        assertThat(heartbeat.number("Nats-Last-Stream")).isEqualTo(7);
        PullStatus timeout = PullStatus.of(parse(GOOD.get(3)), "_INBOX.x.12");
        assertThat(timeout.text()).isEqualTo("408 Request Timeout");
        assertThat(timeout.meaning()).isEqualTo(PullStatus.Meaning.FINISHED);
        assertThat(timeout.pull()).isEqualTo(12);
        assertThat(timeout.unusedMessages()).isEqualTo(3);
        assertThat(timeout.unusedBytes()).isEqualTo(99);
        assertThat(parse(GOOD.get(5)).code()).isEqualTo(503);
        assertThat(parse(GOOD.get(6)).headers())
                .isEqualTo(
                        Headers.of(Map.of("name", List.of("J\u00fcrgen"), "k", List.of("v", "w"))));
        assertThat(parse("NATS/1.0\r\nn: x\r\n\r\n").number("n")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\" | they do not begin with NATS/1.0",
                "NATS | they do not begin with NATS/1.0",
                "HTTP/1.1 200 OK~~ | they do not begin with NATS/1.0",
                "NATS/1.0 abc~~ | their status is no number",
                "NATS/1.0 -1~~ | their status is no number",
                "NATS/1.0 12345678901~~ | their status is no number",
                "NATS/1.0~no colon~~ | a line of them has no name",
                "NATS/1.0~: v~~ | a line of them has no name",
                "NATS/1.0 | a line of them has no end",
                "NATS/1.0~k: v | a line of them has no end"
            })
    void refusesWhatIsNoHeaderBlock(String block, String why) {
        assertThatThrownBy(() -> parse(block.replace("~", "\r\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The headers cannot be read: " + why + ".");
    }

    /** Read, or refused in one way; and what a status says is one line for the log. */
    @Test
    void survivesAnything() {
        SplittableRandom random = new SplittableRandom(3);
        int refused = 0;
        int statuses = 0;
        for (int i = 0; i < FUZZ_CASES; i++) {
            byte[] block = GOOD.get(random.nextInt(GOOD.size())).getBytes(StandardCharsets.UTF_8);
            int length = random.nextInt(8) == 0 ? random.nextInt(block.length + 1) : block.length;
            byte[] damaged = Arrays.copyOf(block, length);
            for (int change = random.nextInt(4); change > 0 && length > 0; change--) {
                damaged[random.nextInt(length)] = (byte) random.nextInt(-128, 128);
            }
            try {
                HeaderBlock read = HeaderBlock.parse(damaged);
                if (read.code() != 0 && !read.isHeartbeat()) {
                    PullStatus status = PullStatus.of(read, "_INBOX.x." + i);
                    assertPrintable(status.text());
                    statuses++;
                }
            } catch (IllegalArgumentException e) {
                refused++;
                assertPrintable(e.getMessage());
            }
        }
        assertThat(refused).isBetween(FUZZ_CASES / 10, FUZZ_CASES * 9 / 10);
        assertThat(statuses).isGreaterThan(FUZZ_CASES / 10);
    }

    private static void assertPrintable(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new AssertionError(text);
        }
    }
}

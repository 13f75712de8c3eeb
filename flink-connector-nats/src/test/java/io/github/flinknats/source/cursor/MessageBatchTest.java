// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.record.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageBatchTest {
    private static final long NANOS = 1_700_000_000_123_456_789L;

    @Test
    void givesBackEachMessageOnceInOrder() {
        MessageBatch batch = new MessageBatch("ORDERS", 1_000, 1 << 20, null);
        List<String> expected = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < 200; i++) {
            String reply = "$JS.ACK.ORDERS.c.1." + (10 + i) + "." + (10 + i) + "." + NANOS + ".0";
            bytes += ("orders." + i + reply + "p" + i).length();
            batch.add(Deliveries.of("orders." + i, "p" + i, 10 + i, NANOS + i));
            expected.add("ORDERS orders." + i + " p" + i + " " + (10 + i) + " " + (NANOS + i));
        }
        assertThat(batch.size()).isEqualTo(200);
        assertThat(batch.bytes()).isEqualTo(bytes);

        List<String> read = new ArrayList<>();
        for (MessageView m = batch.next(); m != null; m = batch.next()) {
            String payload = new String(m.payload(), StandardCharsets.UTF_8);
            read.add(
                    String.join(
                            " ",
                            m.stream(),
                            m.subject(),
                            payload,
                            Long.toString(m.sequence()),
                            Long.toString(m.timestampNanos())));
        }
        assertThat(read).isEqualTo(expected);
        assertThat(batch.next()).isNull();
    }

    @Test
    void letsGoOfWhatWasRead() {
        MessageBatch batch = new MessageBatch("ORDERS", 10, 1_000, null);
        batch.add(Deliveries.of("a", "1", 1, NANOS));
        batch.add(Deliveries.of("a", "2", 2, NANOS));
        batch.next();
        assertThat(batch.message(0)).isNotNull();
        batch.next();
        assertThatThrownBy(() -> batch.message(0)).isInstanceOf(NullPointerException.class);
        assertThat(batch.message(1)).isNotNull();
    }

    @Test
    void isFullByMessagesOrByBytes() {
        MessageBatch byMessages = new MessageBatch("ORDERS", 2, 1_000, null);
        byMessages.add(Deliveries.of("a", "1", 1, NANOS));
        assertThat(byMessages.isFull()).isFalse();
        byMessages.add(Deliveries.of("a", "2", 2, NANOS));
        assertThat(byMessages.isFull()).isTrue();

        MessageBatch byBytes = new MessageBatch("ORDERS", 9, 1_000, null);
        byBytes.add(Deliveries.of("a", "x".repeat(900), 1, NANOS));
        assertThat(byBytes.isFull()).isFalse();
        byBytes.add(Deliveries.of("a", "x".repeat(100), 2, NANOS));
        assertThat(byBytes.isFull()).isTrue();
    }

    @Test
    void showsTimesInThreeUnits() {
        MessageView view = only(Deliveries.of("a", "", 1, NANOS));
        assertThat(view.timestampNanos()).isEqualTo(NANOS);
        assertThat(view.timestampMillis()).isEqualTo(1_700_000_000_123L);
        assertThat(view.timestamp()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L, 123_456_789L));
    }

    @Test
    void showsAnEmptyPayloadForNone() {
        assertThat(only(Deliveries.of("a", "", 1, NANOS)).payload()).isEmpty();
    }

    @Test
    void showsSubjectsBeyondAscii() {
        assertThat(only(Deliveries.of("größe.中", "", 1, NANOS)).subject()).isEqualTo("größe.中");
    }

    @Test
    void showsHeadersWithAllTheirValues() {
        assertThat(only(Deliveries.of("a", "", 1, NANOS)).headers()).isEqualTo(Headers.empty());

        String block = "NATS/1.0\r\ntag: x\r\nother:z\r\ntag:y\r\n\r\n";
        assertThat(only(Deliveries.of("a", block, "", 1, NANOS)).headers())
                .isEqualTo(
                        Headers.of(
                                Map.of(
                                        "tag",
                                        Arrays.asList("x", "y"),
                                        "other",
                                        Collections.singletonList("z"))));
    }

    @Test
    void refusesAHeaderBlockThatIsNone() {
        MessageView view = only(Deliveries.of("a", "HTTP/1.1 200 OK\r\n\r\n", "", 1, NANOS));
        assertThatThrownBy(view::headers).isInstanceOf(IllegalArgumentException.class);
    }

    private static MessageView only(Delivery message) {
        MessageBatch batch = new MessageBatch("ORDERS", 10, 1_000, null);
        batch.add(message);
        return batch.next();
    }
}

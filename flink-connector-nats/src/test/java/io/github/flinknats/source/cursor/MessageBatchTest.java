// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.record.Headers;
import io.nats.client.impl.NatsMessage;
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

    private static NatsMessage message(String subject, String payload) {
        return NatsMessage.builder()
                .subject(subject)
                .data(payload == null ? null : payload.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @Test
    void givesBackEachMessageOnceInOrder() {
        MessageBatch batch = new MessageBatch("ORDERS", 1_000, 1 << 20, null);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            batch.add(message("orders." + i, "p" + i), 10 + i, NANOS + i, 100);
            expected.add("ORDERS orders." + i + " p" + i + " " + (10 + i) + " " + (NANOS + i));
        }
        assertThat(batch.size()).isEqualTo(200);
        assertThat(batch.bytes()).isEqualTo(20_000);

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
        batch.add(message("a", "1"), 1, NANOS, 10);
        batch.add(message("a", "2"), 2, NANOS, 10);
        batch.next();
        assertThat(batch.message(0)).isNotNull();
        batch.next();
        assertThatThrownBy(() -> batch.message(0)).isInstanceOf(NullPointerException.class);
        assertThat(batch.message(1)).isNotNull();
    }

    @Test
    void isFullByMessagesOrByBytes() {
        MessageBatch byMessages = new MessageBatch("ORDERS", 2, 1_000, null);
        byMessages.add(message("a", "1"), 1, NANOS, 10);
        assertThat(byMessages.isFull()).isFalse();
        byMessages.add(message("a", "2"), 2, NANOS, 10);
        assertThat(byMessages.isFull()).isTrue();

        MessageBatch byBytes = new MessageBatch("ORDERS", 2, 1_000, null);
        byBytes.add(message("a", "1"), 1, NANOS, 1_000);
        assertThat(byBytes.isFull()).isTrue();
    }

    @Test
    void showsTimesInThreeUnits() {
        MessageView view = only(message("a", ""), NANOS);
        assertThat(view.timestampNanos()).isEqualTo(NANOS);
        assertThat(view.timestampMillis()).isEqualTo(1_700_000_000_123L);
        assertThat(view.timestamp()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L, 123_456_789L));
    }

    @Test
    void showsTimesBeforeTheEpoch() {
        MessageView view = only(message("a", ""), -1);
        assertThat(view.timestampMillis()).isEqualTo(-1);
        assertThat(view.timestamp()).isEqualTo(Instant.ofEpochSecond(-1, 999_999_999L));
    }

    @Test
    void showsAnEmptyPayloadForNone() {
        assertThat(only(message("a", null), NANOS).payload()).isEmpty();
    }

    @Test
    void showsHeadersWithAllTheirValues() {
        assertThat(only(message("a", ""), NANOS).headers()).isEqualTo(Headers.empty());

        io.nats.client.impl.Headers stored =
                new io.nats.client.impl.Headers().add("tag", "x", "y").add("other", "z");
        NatsMessage message = NatsMessage.builder().subject("a").headers(stored).build();
        assertThat(only(message, NANOS).headers())
                .isEqualTo(
                        Headers.of(
                                Map.of(
                                        "tag",
                                        Arrays.asList("x", "y"),
                                        "other",
                                        Collections.singletonList("z"))));
    }

    private static MessageView only(NatsMessage message, long nanos) {
        MessageBatch batch = new MessageBatch("ORDERS", 10, 1_000, null);
        batch.add(message, 1, nanos, 10);
        return batch.next();
    }
}

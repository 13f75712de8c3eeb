// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.Headers;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UpsertBufferTest {
    private static OutgoingMessage message(String subject, int size) {
        return new OutgoingMessage(subject, Headers.empty(), new byte[size]);
    }

    private static List<String> lines(UpsertBuffer buffer) {
        return buffer.drain().stream()
                .map(message -> message.subject() + " " + message.payload().length)
                .collect(Collectors.toList());
    }

    @Test
    void keepsTheLastMessageOfEachSubjectInTheOrderOfTheLastChanges() {
        UpsertBuffer buffer = new UpsertBuffer(10);
        buffer.put(message("a", 1));
        buffer.put(message("b", 2));
        buffer.put(message("a", 3));

        assertThat(lines(buffer)).containsExactly("b 2", "a 3");
        assertThat(lines(buffer)).isEmpty();
    }

    @Test
    void isFullWithItsRows() {
        UpsertBuffer buffer = new UpsertBuffer(2);
        buffer.put(message("a", 1));
        buffer.put(message("a", 1));
        assertThat(buffer.isFull()).isFalse();

        buffer.put(message("b", 1));
        assertThat(buffer.isFull()).isTrue();
        assertThat(lines(buffer)).hasSize(2);
        assertThat(buffer.isFull()).isFalse();
    }

    @Test
    void isFullBeforeMemoryIs() {
        UpsertBuffer buffer = new UpsertBuffer(Integer.MAX_VALUE);
        for (int i = 0; i < 100; i++) {
            buffer.put(message("a", 10 << 20));
        }
        assertThat(buffer.isFull()).as("what was replaced does not count").isFalse();

        buffer.put(message("b", 10 << 20));
        buffer.put(message("c", 10 << 20));
        assertThat(buffer.isFull()).isFalse();
        buffer.put(message("d", 10 << 20));
        assertThat(buffer.isFull()).isTrue();
        assertThat(lines(buffer)).hasSize(4);
        assertThat(buffer.isFull()).isFalse();
    }
}

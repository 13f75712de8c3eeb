// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void returnsWhenTheConditionHolds() {
        AtomicInteger asked = new AtomicInteger();
        Await.until("third time", LONG, () -> asked.incrementAndGet() == 3);
        assertThat(asked).hasValue(3);
    }

    @Test
    void takesAnExceptionForNotYet() {
        AtomicInteger asked = new AtomicInteger();
        String value =
                Await.value(
                        "a value",
                        LONG,
                        () -> {
                            if (asked.incrementAndGet() < 3) {
                                throw new IOException("not yet");
                            }
                            return "there";
                        });
        assertThat(value).isEqualTo("there");
    }

    @Test
    void saysWhatWasAwaitedAndWhatWasThereInstead() {
        assertThatThrownBy(() -> Await.until("the moon", SHORT, () -> false, () -> "only stars"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within PT0.02S: the moon; state: only stars");
    }

    @Test
    void keepsTheLastExceptionAsCause() {
        assertThatThrownBy(
                        () ->
                                Await.until(
                                        "an answer",
                                        SHORT,
                                        () -> {
                                            throw new IOException("nobody there");
                                        }))
                .hasMessageContaining("nobody there")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void stopsWhenInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.until("the moon", LONG, () -> false))
                .hasMessageContaining("interrupted while waiting for: the moon");
        assertThat(Thread.interrupted()).isTrue();
    }
}

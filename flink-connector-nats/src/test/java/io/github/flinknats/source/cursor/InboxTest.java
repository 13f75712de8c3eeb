// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Message;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InboxTest {
    /** Longer than any test may take: who waits for so long was not woken. */
    private static final long FOR_EVER = TimeUnit.HOURS.toMillis(1);

    private final Inbox inbox = new Inbox();
    private final List<String> seen = new ArrayList<>();

    private static Message message(int number) {
        return NatsMessage.builder()
                .subject("a")
                .data(Integer.toString(number).getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private void receive(Message message, long now) {
        seen.add(new String(message.getData(), StandardCharsets.UTF_8));
    }

    @Test
    void handsOutMessagesAndEventsInTheirOrder() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            inbox.deliver(this::receive, message(i));
            inbox.post(() -> seen.add("event " + number));
            expected.add(Integer.toString(i));
            expected.add("event " + i);
        }
        assertThat(inbox.drain(0)).isFalse();
        assertThat(seen).isEqualTo(expected);

        assertThat(inbox.drain(0)).isFalse();
        assertThat(seen).as("once").isEqualTo(expected);
    }

    @Test
    void keepsForTheNextTimeWhatAnEventPosts() throws Exception {
        inbox.post(() -> inbox.post(() -> seen.add("second")));
        inbox.drain(0);
        assertThat(seen).isEmpty();
        inbox.drain(FOR_EVER);
        assertThat(seen).containsExactly("second");
    }

    @Test
    void waitsNoLongerThanItMay() throws Exception {
        long start = System.nanoTime();
        assertThat(inbox.drain(20)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000L);
    }

    @Test
    void remembersAWakeUpForTheNextDrainAndForNoMore() throws Exception {
        inbox.wakeUp();
        inbox.wakeUp();
        assertThat(inbox.drain(FOR_EVER)).isTrue();
        assertThat(inbox.drain(0)).isFalse();
    }

    @Test
    void handsOutWhatIsThereWhenWoken() throws Exception {
        inbox.deliver(this::receive, message(1));
        inbox.wakeUp();
        assertThat(inbox.drain(FOR_EVER)).isTrue();
        assertThat(seen).containsExactly("1");
    }

    @Test
    void losesNothingOfManyGiversAndKeepsTheOrderOfEach() throws Exception {
        int givers = 4;
        int each = 50_000;
        List<List<Integer>> received = new ArrayList<>();
        List<CompletableFuture<Void>> giving = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(givers * each);
        for (int g = 0; g < givers; g++) {
            List<Integer> mine = new ArrayList<>();
            received.add(mine);
            Inbox.Receiver receiver =
                    (message, now) -> {
                        mine.add(
                                Integer.parseInt(
                                        new String(message.getData(), StandardCharsets.UTF_8)));
                        left.decrementAndGet();
                    };
            giving.add(
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    inbox.deliver(receiver, message(i));
                                }
                            }));
        }
        while (left.get() > 0) {
            inbox.drain(FOR_EVER);
        }
        for (CompletableFuture<Void> done : giving) {
            done.get(10, TimeUnit.SECONDS);
        }
        List<Integer> all = IntStream.range(0, each).boxed().collect(Collectors.toList());
        assertThat(received).isEqualTo(Collections.nCopies(givers, all));
    }

    @Test
    void neverMissesAnArrivalWhileItGoesToSleep() throws Exception {
        // Each answer is given only after the one before was received: one missed signal hangs.
        int rounds = 20_000;
        Inbox back = new Inbox();
        CompletableFuture<Void> echo =
                CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < rounds; i++) {
                                drain(back);
                                inbox.post(() -> seen.add(""));
                            }
                        });
        for (int i = 0; i < rounds; i++) {
            back.post(() -> {});
            int before = seen.size();
            inbox.drain(FOR_EVER);
            assertThat(seen).hasSize(before + 1);
        }
        echo.get(10, TimeUnit.SECONDS);
    }

    @Test
    void neverMissesAWakeUp() throws Exception {
        int rounds = 20_000;
        AtomicBoolean awaited = new AtomicBoolean();
        AtomicInteger woken = new AtomicInteger();
        CompletableFuture<Void> waking =
                CompletableFuture.runAsync(
                        () -> {
                            while (woken.get() < rounds) {
                                if (awaited.getAndSet(false)) {
                                    inbox.wakeUp();
                                }
                                Thread.onSpinWait();
                            }
                        });
        for (int i = 0; i < rounds; i++) {
            awaited.set(true);
            assertThat(inbox.drain(FOR_EVER)).isTrue();
            woken.incrementAndGet();
        }
        waking.get(10, TimeUnit.SECONDS);
    }

    private static void drain(Inbox from) {
        try {
            from.drain(FOR_EVER);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

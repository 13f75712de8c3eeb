// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The numbers that a stream holds, by subject and in stream order. There may be very many. */
final class Numbers {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final Map<String, List<Long>> bySubject = new TreeMap<>();

    private Numbers() {}

    /** Reads all that is in the stream now, and closes the connection. */
    static Numbers of(TestStream stream, Connection reader) throws Exception {
        Numbers numbers = new Numbers();
        try (Connection connection = reader) {
            JetStreamSubscription subscription =
                    connection
                            .jetStream()
                            .subscribe(
                                    stream.subjects(),
                                    PushSubscribeOptions.builder().ordered(true).build());
            long pending = Long.MAX_VALUE;
            while (pending > 0) {
                Message message = subscription.nextMessage(ANSWER_LIMIT);
                assertThat(message).as("with " + pending + " pending").isNotNull();
                String text = new String(message.getData(), StandardCharsets.UTF_8);
                numbers.bySubject
                        .computeIfAbsent(message.getSubject(), subject -> new ArrayList<>())
                        .add(Long.valueOf(text.replaceAll("\\D", "")));
                pending = message.metaData().pendingCount();
            }
            subscription.unsubscribe();
        }
        return numbers;
    }

    /** Fails unless every number from 0 on is there once, and those of each subject in order. */
    void assertEveryOneOnceAndInOrder(int count) {
        int[] times = new int[count];
        bySubject.forEach(
                (subject, numbers) -> {
                    long last = -1;
                    for (long number : numbers) {
                        assertThat(number).as("in " + subject).isGreaterThan(last);
                        assertThat(number).as("in " + subject).isLessThan(count);
                        times[(int) number]++;
                        last = number;
                    }
                });
        for (int number = 0; number < count; number++) {
            assertThat(times[number]).as("copies of " + number).isEqualTo(1);
        }
    }
}

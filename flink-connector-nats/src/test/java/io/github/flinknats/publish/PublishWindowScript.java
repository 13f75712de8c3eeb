// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.record.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays a story: in each line an event, and behind the arrow what the window then wants. The window
 * holds 4 messages or 100 bytes, waits 1 s for an acknowledgement and gives up after 10 s.
 *
 * <p>Events: {@code up}, {@code down}, {@code add 3} (messages of 10 bytes), {@code add 1 of 200},
 * {@code stored 2/1} (message 2 of attempt 1), {@code refused 2/1}, {@code refused 2/1 for good},
 * {@code later 300} (ms).
 */
final class PublishWindowScript {
    static final PublishFailures FAILURES =
            Failures.at(ConnectionSettings.of("host:4222"))
                    .publishing("publish to", "nats.subject");

    private final PublishWindow window =
            new PublishWindow(
                    PublishSettings.of(
                            4,
                            100,
                            Timeouts.defaults()
                                    .withRequest(Duration.ofSeconds(1))
                                    .withOutage(Duration.ofSeconds(10))),
                    FAILURES);
    private long now = 1_000_000;
    private boolean told;

    List<String> play(List<String> script) {
        List<String> played = new ArrayList<>();
        for (String line : script) {
            if (line.startsWith("#") || line.isEmpty()) {
                played.add(line);
                continue;
            }
            String event = line.split(" -> ", 2)[0];
            happen(event.split(" "));
            played.add(event + " -> " + wanted());
        }
        return played;
    }

    private void happen(String[] event) {
        switch (event[0]) {
            case "up":
                window.onUp(now);
                return;
            case "down":
                window.onDown("the connection broke", null, now);
                return;
            case "later":
                now += Long.parseLong(event[1]);
                return;
            case "add":
                add(Integer.parseInt(event[1]), event.length > 2 ? Integer.parseInt(event[3]) : 10);
                return;
            case "stored":
                window.onStored(number(event), attempt(event), now);
                return;
            case "refused":
                NatsFailure failure =
                        event.length > 2
                                ? FAILURES.refused("s", 400, 10077, "stream is full")
                                : FAILURES.refused("s", 503, 10008, "not available");
                window.onRefused(number(event), attempt(event), failure, now);
                return;
            default:
                throw new IllegalArgumentException("Unknown event " + String.join(" ", event));
        }
    }

    private void add(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            window.add(new OutgoingMessage("s", Headers.empty(), new byte[bytes - 1]));
        }
    }

    private static long number(String[] event) {
        return Long.parseLong(event[1].split("/")[0]);
    }

    private static int attempt(String[] event) {
        return Integer.parseInt(event[1].split("/")[1]);
    }

    private String wanted() {
        List<String> wants = new ArrayList<>();
        PublishWindow.InFlight message = window.poll(now);
        while (message != null) {
            wants.add("send " + message.number() + "/" + message.attempt());
            message = window.poll(now);
        }
        NatsFailure failure = window.failure();
        if (failure != null && !told) {
            told = true;
            wants.add("fail " + failure.sentence());
        }
        if (!window.hasRoom()) {
            wants.add("full");
        }
        if (window.isEmpty() && window.lastAdded() > 0) {
            wants.add("empty");
        }
        return wants.isEmpty() ? "nothing" : String.join(", ", wants);
    }
}

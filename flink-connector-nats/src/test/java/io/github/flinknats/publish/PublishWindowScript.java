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
 * {@code later 300} (ms), {@code domains} (several of them answer), {@code wide} (from here on, the
 * window holds 64 messages and 1,000 bytes), {@code subject a} (of what is added from here on). A
 * message is told by its number, which is that of the first one of its group.
 */
final class PublishWindowScript {
    static final PublishFailures FAILURES =
            Failures.at(ConnectionSettings.of("host:4222"))
                    .publishing("publish to", "nats.subject");

    private PublishWindow window = window(4, 100);
    private String subject = "s";
    private long now = 1_000_000;
    private boolean told;

    private static PublishWindow window(int messages, long bytes) {
        return new PublishWindow(
                PublishSettings.of(
                        messages,
                        bytes,
                        Timeouts.defaults()
                                .withRequest(Duration.ofSeconds(1))
                                .withOutage(Duration.ofSeconds(10))),
                FAILURES);
    }

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
            case "domains":
                window.sendEachAlone(now);
                return;
            case "wide":
                window = window(64, 1_000);
                return;
            case "subject":
                subject = event[1];
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
                                ? FAILURES.refused(subject, 400, 10077, "stream is full")
                                : FAILURES.refused(subject, 503, 10008, "not available");
                window.onRefused(number(event), attempt(event), failure, now);
                return;
            default:
                throw new IllegalArgumentException("Unknown event " + String.join(" ", event));
        }
    }

    private void add(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            window.add(new OutgoingMessage(subject, Headers.empty(), new byte[bytes - 1]));
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

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.ConsumerFacts;
import io.github.flinknats.client.DeliveryLimits;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.DurableProgress;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.source.split.SequenceSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A story about one durable cursor, played line by line as by {@link PullCursorScript}.
 *
 * <pre>
 * # the head line says what happens
 * emitted 1..5,8 unacknowledged 4..5      what was restored
 * limit 8 messages 64k bytes | patience 5000
 *
 * connected               -> inspect
 * stream 1..12            -> ack 4, ack 5, pull 5000 x4    answers the latest request
 * stream 1..12 wait 30000 max 100         with the consumer's limits
 * stream 1..12 made again | no consumer | other consumer | faulty consumer
 * unavailable REASON                      the latest request failed; "refused" for good
 * msg 9/1                 -> deliver      stream / consumer sequence
 * handed over
 * release 9..10           -> ack 9, ack 10
 * confirmed 9             -> confirmed    or "known"
 * heartbeat | status 409 Batch Completed to pull 2 | disconnected REASON
 * heartbeats until 30000                  one every two seconds, starting now
 * at 5000 | +6000                         the clock
 * unreleased              -> 11/3         questions
 * unsettled               -> true
 * </pre>
 */
final class DurableCursorScript {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final long BYTES = 100;
    private static final Pattern RESTORED =
            Pattern.compile("emitted (\\S+)(?: unacknowledged (\\S+))?");
    private static final Pattern LIMIT = Pattern.compile("limit (\\d+) messages (\\d+)k bytes");
    private static final Pattern FACTS =
            Pattern.compile(
                    "stream (\\d+)\\.\\.(\\d+)( made again)?(?: (no|other|faulty) consumer)?"
                            + "(?: wait (\\d+))?(?: max (\\d+))?");

    private DurableProgress progress = DurableProgress.none("d", CREATED);
    private ReadSettings limits = ReadSettings.defaults();
    private Timeouts timeouts = Timeouts.defaults();
    private DurableCursor cursor;

    private long now;
    private int request;
    private long held;

    List<String> play(List<String> lines) {
        List<String> played = new ArrayList<>();
        for (String line : lines) {
            played.add(line.isEmpty() || line.startsWith("#") ? line : playLine(line));
        }
        return played;
    }

    private String playLine(String line) {
        String event = line.split(" -> ", 2)[0].trim();
        if (isSetting(event)) {
            return event;
        }
        if (cursor == null) {
            NatsSplit split =
                    NatsSplit.durable(
                            StreamFixtures.identity(1), Collections.emptyList(), progress);
            Failures failures = Failures.at(ConnectionSettings.of("nats.example.com:4222"));
            cursor =
                    new DurableCursor(
                            split,
                            CursorSettings.of(limits, timeouts),
                            new CursorFailures(failures, split),
                            failures.durable("ORDERS", "d"));
        }
        List<String> effects = new ArrayList<>();
        happen(event, effects);
        obey(effects);
        return effects.isEmpty()
                ? event
                : event + " -> " + String.join(", ", PullCursorScript.folded(effects));
    }

    private boolean isSetting(String line) {
        Matcher restored = RESTORED.matcher(line);
        if (restored.matches()) {
            progress = progress.with(ranges(restored.group(1)), ranges(restored.group(2)));
            return true;
        }
        Matcher limit = LIMIT.matcher(line);
        if (limit.matches()) {
            limits =
                    limits.withMaxMessages(Integer.parseInt(limit.group(1)))
                            .withMaxBytes(Long.parseLong(limit.group(2)) << 10);
            return true;
        }
        if (line.startsWith("patience ")) {
            timeouts = timeouts.withOutage(Duration.ofMillis(Long.parseLong(rest(line))));
            return true;
        }
        return false;
    }

    private void happen(String event, List<String> effects) {
        String name = event.split(" ", 2)[0];
        if (name.startsWith("+")) {
            now += Long.parseLong(name.substring(1));
            return;
        }
        switch (name) {
            case "at":
                now = Long.parseLong(rest(event));
                return;
            case "connected":
                cursor.onConnected(now);
                return;
            case "disconnected":
                cursor.onDisconnected(rest(event), null, now);
                return;
            case "stream":
                inspected(event);
                return;
            case "unavailable":
                cursor.onRequestFailed(request, StreamFixtures.unavailable(rest(event)), now);
                return;
            case "refused":
                cursor.onRequestFailed(request, StreamFixtures.refused(rest(event)), now);
                return;
            case "msg":
                String[] at = rest(event).split("/");
                boolean fresh =
                        cursor.accept(Long.parseLong(at[0]), Long.parseLong(at[1]), BYTES, now);
                held += fresh ? 1 : 0;
                effects.add(fresh ? "deliver" : "drop");
                return;
            case "handed":
                cursor.onHandedOver(held, held * BYTES);
                held = 0;
                return;
            case "release":
                cursor.release(SequenceSet.of(ranges(rest(event))));
                return;
            case "confirmed":
                effects.add(
                        cursor.onConfirmed(Long.parseLong(rest(event))) ? "confirmed" : "known");
                return;
            case "heartbeat":
                cursor.onHeartbeat(now);
                return;
            case "heartbeats":
                heartbeats(Long.parseLong(event.substring(event.lastIndexOf(' ') + 1)), effects);
                return;
            case "status":
                status(rest(event));
                return;
            case "unreleased":
                new TreeMap<>(cursor.unreleased())
                        .forEach((stream, consumer) -> effects.add(stream + "/" + consumer));
                return;
            case "unsettled":
                effects.add(Boolean.toString(cursor.isUnsettled()));
                return;
            default:
                throw new IllegalArgumentException("Unknown line: " + event);
        }
    }

    private void inspected(String event) {
        Matcher facts = FACTS.matcher(event);
        if (!facts.matches()) {
            throw new IllegalArgumentException("Cannot read this line: " + event);
        }
        String odd = facts.group(4) == null ? "" : facts.group(4);
        long wait = facts.group(5) == null ? 30_000 : Long.parseLong(facts.group(5));
        long max = facts.group(6) == null ? -1 : Long.parseLong(facts.group(6));
        ConsumerFacts consumer =
                ConsumerFacts.of(
                        odd.equals("other") ? CREATED.plusSeconds(1) : CREATED.plusNanos(9_000),
                        Collections.emptyList(),
                        DeliveryLimits.of(Duration.ofMillis(wait), max, -1),
                        odd.equals("faulty") ? Arrays.asList("it is paused") : List.of());
        cursor.onInspected(
                request,
                StreamFixtures.facts(
                        facts.group(3) == null ? 1 : 2,
                        Long.parseLong(facts.group(1)),
                        Long.parseLong(facts.group(2)),
                        false),
                odd.equals("no") ? null : consumer,
                now);
    }

    private void status(String status) {
        String[] parts = status.split(" to pull ", 2);
        String[] words = parts[0].split(" ", 2);
        cursor.onStatus(
                PullStatus.of(
                        Integer.parseInt(words[0]),
                        words[words.length - 1],
                        parts.length == 1 ? 1 : Integer.parseInt(parts[1]),
                        0,
                        0),
                now);
    }

    private void heartbeats(long until, List<String> effects) {
        while (now <= until) {
            cursor.onHeartbeat(now);
            obey(effects);
            now += 2_000;
        }
        now = until;
    }

    private void obey(List<String> effects) {
        for (DurableCommand next = cursor.poll(now); next != null; next = cursor.poll(now)) {
            switch (next.kind()) {
                case INSPECT:
                    request = next.number();
                    effects.add(next.toString());
                    break;
                case FAIL:
                    NatsFailure failure = next.failure();
                    effects.add("fail " + failure.kind() + ": " + failure.sentence());
                    break;
                case PULL:
                case ACKNOWLEDGE:
                case PROGRESS:
                case WARN:
                    effects.add(next.toString());
                    break;
            }
        }
    }

    private static List<SequenceRange> ranges(String text) {
        List<SequenceRange> ranges = new ArrayList<>();
        if (text != null) {
            for (String part : text.split(",")) {
                String[] ends = part.split("\\.\\.");
                ranges.add(
                        SequenceRange.of(
                                Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])));
            }
        }
        return ranges;
    }

    private static String rest(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }
}

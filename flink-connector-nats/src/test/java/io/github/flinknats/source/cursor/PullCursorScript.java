// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.source.config.DataLossPolicy;
import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.LastRead;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.subject.SubjectFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A story about one cursor, played line by line: an event, then everything that the cursor does
 * because of it.
 *
 * <pre>
 * # the head line says what happens
 * read 11..20 after 10                  the split: what is left of it, and the last sequence read
 * read 11.. begun                       a reader has had it, and found nothing
 * read 11.. snapshot 40                 up to 40 the newest of each subject
 * wanted 1..4 | a.b | until 4           of all that: sequences, a subject, store times as below
 * on data loss continue                 ReadSettings, when it matters
 * limit 8 messages 64k bytes            ReadSettings, when they matter
 * patience 5000                         the outage timeout, in milliseconds, when it matters
 *
 * connected               -> inspect
 * stream 1..12            -> open 11      answers the latest request; "to request 1" an older one
 * stream 1..12 but not the one up to 5   it was set back to 5, and written on
 * missing                                 the latest request failed: there is no such stream
 * opened 2                -> pull 5000 x4 that many messages wait; "on a stream made again"
 * unavailable REASON                      the latest request failed; "refused" for good
 * msg 11/1 pending 1      -> deliver      stream / consumer sequence, as in all other lines; the
 *                                         former is the store time, too, in nanoseconds
 * msgs 12/2..20/10 of 1k  -> deliver 9    as many messages, the bytes of each
 * handed over                             all that was delivered has left for the task thread
 * heartbeat 12/2
 * heartbeats 12/2 until 30000           one every two seconds, starting now
 * status 409 Batch Completed to pull 1 unused 0/100
 * disconnected REASON
 * at 5000 | +6000                         the clock
 * position                -> 21           questions
 * in use                  -> 5000
 * trouble                 -> REASON
 * doubt                   -> yes         whether what was delivered is held back
 * </pre>
 *
 * <p>A line that starts with a blank goes on with the one before. Pulls have the default of 2 MiB
 * unless they say "of".
 */
final class PullCursorScript {
    private static final long DEFAULT_PULL_BYTES = 2 << 20;
    private static final long DEFAULT_BYTES = 100;
    private static final Pattern MESSAGE =
            Pattern.compile("msg (\\d+)/(\\d+)(?: pending (\\d+))?(?: of (\\w+))?");
    private static final Pattern MESSAGES =
            Pattern.compile("msgs (\\d+)/(\\d+)\\.\\.(\\d+)/(\\d+)(?: of (\\w+))?");
    private static final Pattern STATUS =
            Pattern.compile(
                    "status (\\d+)(?: (.*?))??(?: to pull (\\d+))?(?: unused (\\d+)/(\\w+))?");
    private static final Pattern STREAM =
            Pattern.compile(
                    "stream (\\d+)\\.\\.(\\d+)( made again)?( limited per subject)?"
                            + "(?: but not the one up to (\\d+))?");
    private static final Pattern SPLIT =
            Pattern.compile(
                    "read (\\d+)\\.\\.(\\d*)(?: of (\\S+))?(?: after (\\d+))?"
                            + "( begun)?(?: snapshot (\\d+))?");
    private static final Pattern LIMIT = Pattern.compile("limit (\\d+) messages (\\w+) bytes");
    private static final Pattern HEARTBEATS =
            Pattern.compile("heartbeats (\\d+)/(\\d+) until (\\d+)");
    private static final Pattern LATE = Pattern.compile("(.*) to request (\\d+)");

    private NatsSplit split;
    private ReadSettings limits = ReadSettings.defaults();
    private Timeouts timeouts = Timeouts.defaults();
    private Narrowing narrowing = Narrowing.everything();
    private PullCursor cursor;

    private long now;
    private final List<Integer> requests = new ArrayList<>();
    private long heldMessages;
    private long heldBytes;

    /** The script as it would have to read for the cursor to pass, line by line. */
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
            CursorSettings settings = CursorSettings.of(limits, timeouts).withNarrowing(narrowing);
            Failures failures = Failures.at(ConnectionSettings.of("nats.example.com:4222"));
            cursor = new PullCursor(split, settings, new CursorFailures(failures, split));
        }
        List<String> effects = new ArrayList<>();
        happen(event, effects);
        obey(effects);
        return effects.isEmpty() ? event : event + " -> " + String.join(", ", folded(effects));
    }

    private boolean isSetting(String line) {
        Matcher reading = SPLIT.matcher(line);
        if (reading.matches()) {
            String end = reading.group(2);
            SequenceRange range =
                    SequenceRange.of(
                            Long.parseLong(reading.group(1)),
                            end.isEmpty() ? SequenceRange.UNBOUNDED : Long.parseLong(end));
            List<String> filters =
                    reading.group(3) == null
                            ? List.of()
                            : Arrays.asList(reading.group(3).split(","));
            if (reading.group(6) != null) {
                range = range.withSnapshotUpTo(Long.parseLong(reading.group(6)));
            }
            split = NatsSplit.of(StreamFixtures.identity(1), filters, range);
            if (reading.group(5) != null) {
                split = split.readUpTo(range.next(), LastRead.nothing());
            }
            if (reading.group(4) != null) {
                LastRead last = LastRead.of(Long.parseLong(reading.group(4)), 1);
                split = split.readUpTo(range.next(), last);
            }
            return true;
        }
        Matcher limit = LIMIT.matcher(line);
        if (limit.matches()) {
            limits =
                    limits.withMaxMessages(Integer.parseInt(limit.group(1)))
                            .withMaxBytes(bytes(limit.group(2)));
            return true;
        }
        if (line.startsWith("wanted ")) {
            narrowing = narrowing(rest(line));
            return true;
        }
        if (line.equals("on data loss continue")) {
            limits = limits.withOnDataLoss(DataLossPolicy.CONTINUE);
            return true;
        }
        if (line.startsWith("patience ")) {
            timeouts = timeouts.withOutage(Duration.ofMillis(Long.parseLong(rest(line))));
            return true;
        }
        return false;
    }

    private static Narrowing narrowing(String wanted) {
        if (wanted.startsWith("until ")) {
            return Narrowing.stored(
                    Instant.MIN, Instant.ofEpochSecond(0, Long.parseLong(rest(wanted))));
        }
        String[] ends = wanted.split("\\.\\.");
        return ends.length == 2
                ? Narrowing.sequences(Long.parseLong(ends[0]), Long.parseLong(ends[1]))
                : Narrowing.subject(SubjectFilter.parse(wanted));
    }

    // ------------------------------------------------------------------ events

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
            case "opened":
            case "unavailable":
            case "refused":
            case "missing":
                answer(event);
                return;
            case "msg":
                message(matched(MESSAGE, event), effects);
                return;
            case "msgs":
                messages(matched(MESSAGES, event), effects);
                return;
            case "handed":
                cursor.onHandedOver(heldMessages, heldBytes);
                heldMessages = 0;
                heldBytes = 0;
                return;
            case "heartbeat":
                String[] last = rest(event).split("/");
                cursor.onHeartbeat(Long.parseLong(last[0]), Long.parseLong(last[1]), now);
                return;
            case "heartbeats":
                heartbeats(matched(HEARTBEATS, event), effects);
                return;
            case "status":
                status(matched(STATUS, event));
                return;
            case "position":
                effects.add(Long.toString(cursor.next()));
                return;
            case "in":
                effects.add(Long.toString(cursor.inUseMessages()));
                return;
            case "doubt":
                effects.add(cursor.isInDoubt() ? "yes" : "no");
                return;
            case "trouble":
                effects.add(cursor.trouble().isEmpty() ? "none" : cursor.trouble());
                return;
            default:
                throw new IllegalArgumentException("Unknown line: " + event);
        }
    }

    private void answer(String event) {
        Matcher late = LATE.matcher(event);
        boolean isLate = late.matches();
        String what = isLate ? late.group(1) : event;
        int index = isLate ? Integer.parseInt(late.group(2)) : requests.size();
        int number = requests.get(index - 1);
        if (what.startsWith("stream")) {
            Matcher stream = matched(STREAM, what);
            StreamFacts facts =
                    StreamFixtures.facts(
                            stream.group(3) == null ? 1 : 2,
                            Long.parseLong(stream.group(1)),
                            Long.parseLong(stream.group(2)),
                            stream.group(4) != null);
            cursor.onStream(
                    number,
                    stream.group(5) == null
                            ? Inspection.of(facts)
                            : Inspection.diverged(facts, 1 + Long.parseLong(stream.group(5))),
                    now);
        } else if (what.startsWith("opened")) {
            boolean again = what.endsWith(" on a stream made again");
            String waiting = rest(what).split(" ", 2)[0];
            cursor.onOpened(
                    number, StreamFixtures.identity(again ? 2 : 1), Long.parseLong(waiting), now);
        } else {
            NatsFailure failure =
                    what.equals("missing")
                            ? StreamFixtures.missing()
                            : what.startsWith("refused")
                                    ? StreamFixtures.refused(rest(what))
                                    : StreamFixtures.unavailable(rest(what));
            cursor.onRequestFailed(number, failure, now);
        }
    }

    private void message(Matcher message, List<String> effects) {
        long pending = message.group(3) == null ? 1 : Long.parseLong(message.group(3));
        long bytes = message.group(4) == null ? DEFAULT_BYTES : bytes(message.group(4));
        boolean accepted =
                accept(
                        Long.parseLong(message.group(1)),
                        Long.parseLong(message.group(2)),
                        pending,
                        bytes);
        effects.add(accepted ? "deliver" : "drop");
    }

    private void messages(Matcher all, List<String> effects) {
        long stream = Long.parseLong(all.group(1));
        long consumer = Long.parseLong(all.group(2));
        long count = Long.parseLong(all.group(4)) - consumer + 1;
        if (Long.parseLong(all.group(3)) - stream + 1 != count) {
            throw new IllegalArgumentException("Not the same number of both sequences: " + all);
        }
        long bytes = all.group(5) == null ? DEFAULT_BYTES : bytes(all.group(5));
        long accepted = 0;
        for (long i = 0; i < count; i++) {
            accepted += accept(stream + i, consumer + i, count - i - 1, bytes) ? 1 : 0;
        }
        effects.add("deliver " + accepted);
    }

    private boolean accept(long stream, long consumer, long pending, long bytes) {
        boolean accepted = cursor.accept(stream, consumer, stream, pending, bytes, now);
        if (accepted) {
            heldMessages++;
            heldBytes += bytes;
        }
        return accepted;
    }

    private void heartbeats(Matcher series, List<String> effects) {
        long until = Long.parseLong(series.group(3));
        while (now <= until) {
            cursor.onHeartbeat(
                    Long.parseLong(series.group(1)), Long.parseLong(series.group(2)), now);
            obey(effects);
            now += 2_000;
        }
        now = until;
    }

    private void status(Matcher status) {
        String text = status.group(2) == null ? "" : status.group(2);
        int pull = status.group(3) == null ? 1 : Integer.parseInt(status.group(3));
        long messages = status.group(4) == null ? 0 : Long.parseLong(status.group(4));
        long bytes = status.group(5) == null ? 0 : bytes(status.group(5));
        int code = Integer.parseInt(status.group(1));
        cursor.onStatus(PullStatus.of(code, text, pull, messages, bytes), now);
    }

    // ------------------------------------------------------------------ effects

    private void obey(List<String> effects) {
        for (CursorCommand next = cursor.poll(now); next != null; next = cursor.poll(now)) {
            effects.add(text(next));
        }
    }

    private String text(CursorCommand command) {
        switch (command.kind()) {
            case INSPECT:
            case OPEN:
            case SNAPSHOT:
                requests.add(command.number());
                return command.toString();
            case PULL:
                return command.bytes() == DEFAULT_PULL_BYTES
                        ? "pull " + command.messages()
                        : "pull " + command.messages() + " of " + shortened(command.bytes());
            case FAIL:
                return "fail " + command.failure().kind() + ": " + command.failure().sentence();
            case SKIP:
            case LOST:
            case END:
                return command.toString();
        }
        throw new IllegalStateException("Unknown command " + command);
    }

    /** "a, a, a" as "a x3". */
    static List<String> folded(List<String> effects) {
        List<String> folded = new ArrayList<>();
        int i = 0;
        while (i < effects.size()) {
            int same = 1;
            while (i + same < effects.size() && effects.get(i + same).equals(effects.get(i))) {
                same++;
            }
            folded.add(same == 1 ? effects.get(i) : effects.get(i) + " x" + same);
            i += same;
        }
        return folded;
    }

    private static Matcher matched(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Cannot read this line: " + line);
        }
        return matcher;
    }

    private static String rest(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    private static long bytes(String text) {
        if (text.endsWith("m")) {
            return Long.parseLong(text.substring(0, text.length() - 1)) << 20;
        }
        return text.endsWith("k")
                ? Long.parseLong(text.substring(0, text.length() - 1)) << 10
                : Long.parseLong(text);
    }

    private static String shortened(long bytes) {
        if (bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "m";
        }
        return bytes % (1 << 10) == 0 ? (bytes >> 10) + "k" : Long.toString(bytes);
    }
}

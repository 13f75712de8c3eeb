// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.client.StreamRules;
import io.github.flinknats.client.StreamTarget;
import io.github.flinknats.client.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays a story: in each line an event, and behind the arrow what the plan then wants. The commit
 * has message 0 to s.a, 1 to s.b and 2 to s.a; its stream ended at 10. Trouble may last for 10 s.
 *
 * <p>Events: {@code fresh batch}, {@code fresh single}, {@code restored batch}, {@code restored
 * single} begin; {@code stream 1..12}, perhaps with {@code deleted 1}, {@code made again}, {@code
 * keeps 1} (per subject), {@code workqueue}, {@code after 100} (seconds; the duplicate window is
 * 120 s); {@code found 11=0 12=other 13=s.a} (sequence and message, subject for one of somebody
 * else); {@code batch stored}, {@code batch refused 10201}, {@code stored 0}, {@code again 0},
 * {@code trouble}, {@code refused 10077}, {@code later 300} (ms).
 */
final class CommitPlanScript {
    private static final CommitFailures FAILURES = StreamFixtures.committing();
    private static final Timeouts TIMEOUTS = Timeouts.defaults().withOutage(Duration.ofSeconds(10));

    private Commit commit = Commits.of(false, "s.a");
    private CommitPlan plan = plan(true);
    private CommitCommand wanted = CommitCommand.look();
    private long now = 1_000_000;

    List<String> play(List<String> script) {
        List<String> played = new ArrayList<>();
        for (String line : script) {
            if (line.startsWith("#") || line.isEmpty()) {
                played.add(line);
                continue;
            }
            String event = line.split(" -> ", 2)[0].trim();
            happen(event.split(" "));
            wanted = plan.poll(now);
            String recognised =
                    wanted.step() == CommitCommand.Step.DONE && plan.recognised() > 0
                            ? ", " + plan.recognised() + " recognised"
                            : "";
            played.add(event + " -> " + wanted + recognised);
        }
        return played;
    }

    private CommitPlan plan(boolean fresh) {
        CommitTraces traces = CommitTraces.of(List.of(commit));
        return new CommitPlan(commit, traces, fresh, TIMEOUTS, FAILURES);
    }

    private void happen(String[] event) {
        switch (event[0]) {
            case "fresh":
            case "restored":
                commit = Commits.of(event[1].equals("batch"), "s.a", "s.b", "s.a");
                plan = plan(event[0].equals("fresh"));
                return;
            case "stream":
                plan.onStream(stream(event));
                return;
            case "found":
                found(event);
                return;
            case "batch":
                if (event[1].equals("stored")) {
                    plan.onBatchStored();
                } else {
                    int code = Integer.parseInt(event[2]);
                    plan.onBatchRefused(code, refusal(code), now);
                }
                return;
            case "stored":
                plan.onStored(Integer.parseInt(event[1]), false);
                return;
            case "again":
                plan.onStored(Integer.parseInt(event[1]), true);
                return;
            case "trouble":
                plan.onTrouble("the connection broke", null, now);
                return;
            case "refused":
                NatsFailure why = refusal(Integer.parseInt(event[1]));
                plan.onTrouble(why.sentence(), why, now);
                return;
            case "later":
                now += Long.parseLong(event[1]);
                return;
            default:
                throw new IllegalArgumentException("Unknown event " + String.join(" ", event));
        }
    }

    private static NatsFailure refusal(int code) {
        return FAILURES.publishing().refused("s.a", 400, code, "no");
    }

    private static StreamTarget stream(String[] event) {
        String[] range = event[1].split("\\.\\.");
        List<String> words = List.of(event);
        return StreamTarget.of(
                StreamFixtures.writtenTo(
                        words.contains("again") ? 2 : 1,
                        Long.parseLong(range[0]),
                        Long.parseLong(range[1]),
                        words.contains("workqueue") ? "workqueue" : "limits"),
                Commits.BEFORE.plusSeconds(number(words, "after", 1)),
                number(words, "deleted", 0),
                StreamRules.of(true, Duration.ofMinutes(2), number(words, "keeps", -1), -1));
    }

    private static long number(List<String> words, String name, long otherwise) {
        int at = words.indexOf(name);
        return at < 0 ? otherwise : Long.parseLong(words.get(at + 1));
    }

    private void found(String[] event) {
        CommitTrace trace = wanted.trace();
        for (int i = 1; i < event.length; i++) {
            String[] parts = event[i].split("=");
            boolean own = parts[1].matches("\\d");
            int index = own ? Integer.parseInt(parts[1]) : -1;
            trace.onMessage(
                    Long.parseLong(parts[0]),
                    own ? commit.messages().get(index).subject() : parts[1],
                    own ? commit.messageId(index) : "else");
        }
        plan.onScanned(trace);
    }
}

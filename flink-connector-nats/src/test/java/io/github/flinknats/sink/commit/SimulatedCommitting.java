// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.client.StreamRules;
import io.github.flinknats.client.StreamTarget;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.publish.OutgoingMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Commits of one sink, in order, a committer that is killed and comes back with commits of an older
 * checkpoint, and a stream with a duplicate window that loses, delays and refuses as a seed wants.
 * Others write to the stream, too, and sometimes somebody purges it: from then on a commit may fail
 * saying so, but nothing may be stored twice or be missing without a word.
 */
final class SimulatedCommitting {
    private static final int CALM = 200_000;
    private static final int LIMIT = 2_000_000;

    private final Random random;
    private final boolean batches;
    private final long window;
    private final List<Commit> commits = new ArrayList<>();
    private final TreeMap<Long, String> stored = new TreeMap<>();
    private final Map<String, Long> remembered = new HashMap<>();
    private final List<Late> late = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private final Set<String> purged = new HashSet<>();
    private final List<String> log = new ArrayList<>();
    private long last;
    private long first = 1;
    private long now = 1_000;
    private int faults;
    private int recognised;
    private boolean wasPurged;

    SimulatedCommitting(long seed) {
        random = new Random(seed);
        batches = random.nextBoolean();
        window = random.nextBoolean() ? 120_000 : 20_000;
    }

    void run() {
        int count = 1 + random.nextInt(8);
        CommitTraces traces = CommitTraces.of(List.of());
        int done = 0;
        int restoredUpTo = 0;
        while (done < Math.max(count, commits.size())) {
            if (now > LIMIT) {
                throw new AssertionError("stalled at commit " + done);
            }
            if (commits.size() == done) {
                checkpoint();
                traces = CommitTraces.of(commits.subList(done, commits.size()));
            }
            boolean fresh = done >= restoredUpTo;
            if (!carryOut(commits.get(done), traces, fresh)) {
                // Killed: the job comes back later with this commit or the one before, too.
                restoredUpTo = commits.size();
                done = Math.max(0, done - random.nextInt(2));
                traces = CommitTraces.of(commits.subList(done, commits.size()));
                pass(random.nextInt(200_000));
                say("restored at commit " + done);
                continue;
            }
            done++;
        }
        pass(LIMIT);
        check();
    }

    /** One to three commits that have one base. */
    private void checkpoint() {
        others();
        CommitBase base =
                CommitBase.of(
                        StreamFixtures.identity(1), last, Commits.BEFORE.plusMillis(now), batches);
        for (int i = random.nextInt(3); i >= 0; i--) {
            commits.add(commit(commits.size(), base));
        }
    }

    private Commit commit(int number, CommitBase base) {
        List<OutgoingMessage> messages = new ArrayList<>();
        int size = 1 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            messages.add(Commits.message("s." + random.nextInt(3), "payload"));
        }
        return Commit.of("C" + number, "sink", "writer", base, PackedMessages.of(messages));
    }

    private void others() {
        for (int i = random.nextInt(3); i > 0; i--) {
            store("other" + last);
        }
    }

    /** False when it was killed in between. */
    private boolean carryOut(Commit commit, CommitTraces traces, boolean fresh) {
        CommitPlan plan =
                new CommitPlan(
                        commit,
                        traces,
                        fresh,
                        Timeouts.defaults().withOutage(Duration.ofSeconds(100)),
                        StreamFixtures.committing());
        while (true) {
            pass(random.nextInt(50));
            if (now < CALM && random.nextInt(100) < 4) {
                faults++;
                say("killed in " + plan);
                return false;
            }
            if (now < CALM && random.nextInt(400) == 0) {
                purge();
            }
            CommitCommand command = plan.poll(now);
            say(commit.id() + " " + command);
            switch (command.step()) {
                case DONE:
                    recognised += plan.recognised();
                    return true;
                case FAIL:
                    if (!wasPurged) {
                        throw new AssertionError("failed: " + command.failure().sentence());
                    }
                    // As the user would: look what is there, and drop the rest.
                    for (int i = 0; i < commit.size(); i++) {
                        purged.add(commit.messageId(i));
                    }
                    return true;
                case PAUSE:
                    pass(command.millis());
                    break;
                case BATCH:
                    batch(commit, plan);
                    break;
                case SEND:
                    send(commit, command.places(), plan);
                    break;
                case LOOK:
                    if (isBroken(10)) {
                        plan.onTrouble("no answer", null, now);
                    } else {
                        others();
                        plan.onStream(stream());
                    }
                    break;
                case SCAN:
                    if (isBroken(10)) {
                        plan.onTrouble("lost a message", null, now);
                    } else {
                        scan(commit, command.trace());
                        plan.onScanned(command.trace());
                    }
                    break;
            }
        }
    }

    private boolean isBroken(int percent) {
        boolean broken = now < CALM && random.nextInt(100) < percent;
        faults += broken ? 1 : 0;
        return broken;
    }

    private void batch(Commit commit, CommitPlan plan) {
        if (isBroken(10)) {
            late.add(new Late(now + random.nextInt(5_000), ids(commit)));
            plan.onTrouble("the connection broke before the end", null, now);
            return;
        }
        if (isBroken(5)) {
            plan.onBatchRefused(10176, refusal(10176), now);
            return;
        }
        if (!storeBatch(ids(commit))) {
            plan.onBatchRefused(10201, refusal(10201), now);
        } else if (isBroken(15)) {
            plan.onTrouble("no acknowledgement", null, now);
        } else {
            plan.onBatchStored();
        }
    }

    private static List<String> ids(Commit commit) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < commit.size(); i++) {
            ids.add(commit.messageId(i));
        }
        return ids;
    }

    private static NatsFailure refusal(int code) {
        return StreamFixtures.committing().publishing().refused("s", 400, code, "no");
    }

    private void send(Commit commit, BitSet places, CommitPlan plan) {
        for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
            String id = commit.messageId(i);
            if (isBroken(5)) {
                late.add(new Late(now + random.nextInt(5_000), List.of(id)));
                plan.onTrouble("the connection broke", null, now);
                return;
            }
            if (isBroken(3)) {
                NatsFailure why = refusal(10008);
                plan.onTrouble(why.sentence(), why, now);
                return;
            }
            boolean isNew = storeBatch(List.of(id));
            if (!isBroken(5)) {
                plan.onStored(i, !isNew);
            } else {
                plan.onTrouble("no acknowledgement", null, now);
                return;
            }
        }
    }

    /** Time passes; what was still on its way when its connection broke arrives in it. */
    private void pass(long millis) {
        long end = now + millis;
        late.sort(Comparator.comparingLong(message -> message.at));
        while (!late.isEmpty() && late.get(0).at <= end) {
            Late message = late.remove(0);
            now = Math.max(now, message.at);
            say("late " + message.ids);
            storeBatch(message.ids);
        }
        now = end;
    }

    private boolean storeBatch(List<String> ids) {
        for (String id : ids) {
            Long at = remembered.get(id);
            if (at != null && now - at < window) {
                return false;
            }
        }
        ids.forEach(this::store);
        return true;
    }

    private void store(String id) {
        last++;
        stored.put(last, id);
        history.add(id);
        remembered.put(id, now);
    }

    private void purge() {
        say("purged");
        wasPurged = true;
        stored.clear();
        remembered.clear();
        first = last + 1;
    }

    private StreamTarget stream() {
        return StreamTarget.of(
                StreamFixtures.writtenTo(1, first, last, "limits"),
                Commits.BEFORE.plusMillis(now),
                0,
                StreamRules.of(batches, Duration.ofMillis(window), -1, -1));
    }

    private void scan(Commit commit, CommitTrace trace) {
        Map<String, String> subjects = new HashMap<>();
        for (int i = 0; i < commit.size(); i++) {
            subjects.put(commit.messageId(i), commit.messages().get(i).subject());
        }
        stored.tailMap(trace.from())
                .forEach(
                        (sequence, id) ->
                                trace.onMessage(
                                        sequence, subjects.getOrDefault(id, "s.other"), id));
    }

    private void check() {
        Map<String, Integer> counts = new HashMap<>();
        history.forEach(id -> counts.merge(id, 1, Integer::sum));
        int at = -1;
        for (Commit commit : commits) {
            for (String id : ids(commit)) {
                int count = counts.getOrDefault(id, 0);
                if (count > 1 && !wasPurged) {
                    throw new AssertionError(id + " was stored " + count + " times: " + history);
                }
                if (count == 0 && !purged.contains(id)) {
                    throw new AssertionError(id + " was never stored: " + history);
                }
                if (!wasPurged) {
                    int here = history.indexOf(id);
                    if (here < at) {
                        throw new AssertionError(id + " is out of order: " + history);
                    }
                    at = here;
                }
            }
        }
    }

    private void say(String what) {
        log.add(now + " " + what);
    }

    String story() {
        return String.join("\n", log.subList(Math.max(0, log.size() - 80), log.size()));
    }

    int faults() {
        return faults;
    }

    int recognised() {
        return recognised;
    }

    /** Messages that arrive after their connection broke. */
    private static final class Late {
        final long at;
        final List<String> ids;

        Late(long at, List<String> ids) {
            this.at = at;
            this.ids = ids;
        }
    }
}

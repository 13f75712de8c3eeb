// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.StreamTarget;
import io.github.flinknats.client.Timeouts;
import java.time.Duration;
import java.util.BitSet;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * How one commit comes to be stored, once. No thread, clock or socket: answers and the time go in,
 * one command at a time comes out.
 *
 * <p>A commit that nobody has tried is sent. After anything that leaves open what is stored, and
 * for a commit that may have been tried before, the stream is looked at: where it has not grown
 * since the commit's base, nothing is stored; else it is read from there on for the messages' ids,
 * and what is missing is sent. So nothing depends on how long the stream remembers ids. The ids
 * keep out what an earlier attempt still has on its way.
 *
 * <p>Where messages behind the base were removed, absence proves nothing. Then it depends: what a
 * newer message of its subject has replaced would be replaced anyway; a stream that deletes what is
 * consumed is trusted to remember ids for most of its duplicate window; else the commit fails.
 */
@Internal
@OwnedBy(ThreadRole.TASK)
final class CommitPlan {
    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 2_000;
    private static final int MOST_REFUSED_BATCHES = 3;
    private static final double SAFE_PART_OF_WINDOW = 0.8;
    private static final long NEVER = Long.MIN_VALUE;

    private final Commit commit;
    private final CommitTraces traces;
    private final Timeouts timeouts;
    private final CommitFailures failures;

    private final BitSet missing = new BitSet();
    private boolean atomic;
    private boolean everyAnswer;
    private int refusedBatches;
    private Next next;
    private @Nullable StreamTarget stream;

    private int troubles;
    private long troubleSince = NEVER;
    private long resumeAt = NEVER;
    private String trouble = "";
    private @Nullable NatsFailure cause;
    private @Nullable NatsFailure failure;

    private int recognised;
    private int retries;

    private enum Next {
        WRITE,
        LOOK,
        SCAN
    }

    /**
     * A plan for one commit.
     *
     * @param traces of the commit and those that are carried out with it
     * @param fresh whether it is certain that nobody has tried the commit before
     */
    CommitPlan(
            Commit commit,
            CommitTraces traces,
            boolean fresh,
            Timeouts timeouts,
            CommitFailures failures) {
        this.commit = commit;
        this.traces = traces;
        this.timeouts = timeouts;
        this.failures = failures;
        this.atomic = commit.base().isAtomic() && BatchRules.allow(commit);
        this.next = fresh ? Next.WRITE : Next.LOOK;
        missing.set(0, commit.size());
    }

    // ------------------------------------------------------------------ what to do

    CommitCommand poll(long now) {
        NatsFailure failed = failure;
        if (failed != null) {
            return CommitCommand.fail(failed);
        }
        if (missing.isEmpty()) {
            return CommitCommand.done();
        }
        Duration limit = timeouts.outage();
        if (troubleSince != NEVER && now - troubleSince >= limit.toMillis()) {
            return CommitCommand.fail(failures.outage(commit.stream(), limit, trouble, cause));
        }
        if (now < resumeAt) {
            return CommitCommand.pause(resumeAt - now);
        }
        switch (next) {
            case WRITE:
                return atomic && missing.cardinality() == commit.size()
                        ? CommitCommand.batch(everyAnswer)
                        : CommitCommand.send(missing);
            case LOOK:
                return CommitCommand.look();
            case SCAN:
                return CommitCommand.scan(trace());
        }
        throw new IllegalStateException("unknown: " + next);
    }

    private CommitTrace trace() {
        StreamTarget target = known();
        boolean whole = mayHaveGaps(target) || target.facts().shape().isFedByStreams();
        return traces.of(commit, target.facts().lastSequence(), whole);
    }

    private StreamTarget known() {
        StreamTarget target = stream;
        if (target == null) {
            throw new IllegalStateException("The stream was not looked at.");
        }
        return target;
    }

    private boolean mayHaveGaps(StreamTarget target) {
        return target.deleted() > 0
                || target.facts().firstSequence() > commit.base().lastSequence() + 1;
    }

    // ------------------------------------------------------------------ what happened

    void onBatchStored() {
        missing.clear();
    }

    /** The batch was refused as a whole: nothing of it is stored. */
    void onBatchRefused(int errorCode, NatsFailure why, long now) {
        refusedBatches++;
        if (BatchRules.isKnownId(errorCode) || BatchRules.isImpossible(errorCode)) {
            // Which id is in the stream already, only single messages tell.
            atomic = false;
        } else if (BatchRules.isIncomplete(errorCode) || why.isRetriable()) {
            everyAnswer = true;
            atomic = refusedBatches < MOST_REFUSED_BATCHES;
            onTrouble(why.sentence(), null, now);
        } else {
            onFailed(why);
        }
    }

    /** A message is stored; again, if the stream has known its id. */
    void onStored(int index, boolean again) {
        if (missing.get(index)) {
            missing.clear(index);
            recognised += again ? 1 : 0;
            troubleSince = NEVER;
            troubles = 0;
        }
    }

    /** It is not known what is stored, or nothing could be asked. */
    void onTrouble(String reason, @Nullable NatsFailure why, long now) {
        if (why != null && !why.isRetriable()) {
            onFailed(why);
            return;
        }
        trouble = reason;
        cause = why;
        troubles++;
        retries++;
        if (troubleSince == NEVER) {
            troubleSince = now;
        }
        resumeAt = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(10, troubles - 1));
        next = Next.LOOK;
    }

    /** Trying again would not help. */
    void onFailed(NatsFailure why) {
        if (failure == null) {
            failure = why;
        }
    }

    void onStream(StreamTarget target) {
        stream = target;
        long before = commit.base().lastSequence();
        long last = target.facts().lastSequence();
        if (!target.facts().identity().equals(commit.base().stream())) {
            onFailed(failures.recreated(commit.stream()));
        } else if (last < before) {
            onFailed(failures.setBack(commit.stream(), before, last));
        } else if (last == before) {
            next = Next.WRITE;
        } else if (target.facts().shape().isReplayable()) {
            next = Next.SCAN;
        } else {
            judgeUnseen(target);
        }
    }

    /** Of a stream that cannot be read without taking messages from its consumers. */
    private void judgeUnseen(StreamTarget target) {
        if (isRemembered(target)) {
            next = Next.WRITE;
        } else {
            onFailed(
                    failures.forgotten(
                            commit.stream(),
                            commit.base().lastSequence(),
                            target.rules().duplicateWindow()));
        }
    }

    private boolean isRemembered(StreamTarget target) {
        long passed = Duration.between(commit.base().at(), target.at()).toMillis();
        return passed >= 0
                && passed < target.rules().duplicateWindow().toMillis() * SAFE_PART_OF_WINDOW;
    }

    void onScanned(CommitTrace trace) {
        StreamTarget target = known();
        trace.onEnd();
        BitSet found = trace.found(commit);
        found.and(missing);
        missing.andNot(found);
        recognised += found.cardinality();
        next = Next.WRITE;
        if (missing.isEmpty() || !mayHaveGaps(target) || trace.isWithoutGaps()) {
            return;
        }
        long kept = target.rules().mostPerSubject();
        if (kept > 0 && !target.facts().shape().isFedByStreams()) {
            forgetReplaced(trace, kept);
        } else {
            onFailed(purged());
        }
    }

    /** Where so many newer messages of its subject are kept, a message would be gone again. */
    private void forgetReplaced(CommitTrace trace, long kept) {
        BitSet replaced = new BitSet();
        for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
            if (trace.countOf(commit.packed().subject(i)) >= kept) {
                replaced.set(i);
            }
        }
        recognised += replaced.cardinality();
        missing.andNot(replaced);
    }

    private NatsFailure purged() {
        return failures.purged(
                commit.stream(), commit.base().lastSequence(), missing.cardinality());
    }

    // ------------------------------------------------------------------ how it went

    /** How many messages were found stored already. */
    int recognised() {
        return recognised;
    }

    /** How many times something had to be tried again. */
    int retries() {
        return retries;
    }

    /** For logs. */
    @Override
    public String toString() {
        return commit + ", " + missing.cardinality() + " missing, next " + next;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import io.github.flinknats.publish.PublishAck;
import io.nats.client.Message;
import io.nats.client.NUID;
import java.util.BitSet;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Sends the messages of a commit, as a batch or one by one, and tells the plan the answers. */
@OwnedBy(ThreadRole.TASK)
final class CommitSender {
    /** How many messages share a reply subject, of which a server remembers only some hundreds. */
    private static final int MOST = 64;

    private static final int BATCH_TAIL = 8;

    private final CommitLink link;
    private final PublishFailures failures;
    private final int maxInFlight;

    /** The commit of which one message was refused, and it is not known which. */
    private String toBeNamed = "";

    /** Of the first stream that answered; null before. */
    private @Nullable String domain;

    /** Whether streams of several domains answer: two may take one message, and answer it twice. */
    private boolean alone;

    CommitSender(CommitLink link, CommitFailures failures, int maxInFlight) {
        this.link = link;
        this.failures = failures.publishing();
        this.maxInFlight = maxInFlight;
    }

    // ------------------------------------------------------------------ as a batch

    void batch(Commit commit, boolean everyAnswer, CommitPlan plan) throws InterruptedException {
        String attempt = link.nextAttempt();
        CommitHeaders headers = new CommitHeaders(commit, commit.id() + '-' + tail());
        CommitPost post = new CommitPost(link.client(), commit, headers, failures);
        int last = commit.size() - 1;
        for (int i = 0; i <= last; i++) {
            if (everyAnswer || i == 0 || i == last) {
                post.add(i, link.reply(attempt, i));
            } else {
                post.addWithoutReply(i);
            }
        }
        post.flush();
        awaitBatch(commit, attempt, plan);
    }

    /** Tells one attempt from another: a server may still have the beginning of an earlier one. */
    private static String tail() {
        String random = NUID.nextGlobal();
        return random.substring(random.length() - BATCH_TAIL);
    }

    /** The answer to the last message decides; one to an earlier message may say why. */
    private void awaitBatch(Commit commit, String attempt, CommitPlan plan)
            throws InterruptedException {
        int last = commit.size() - 1;
        PublishAck.@Nullable Refusal first = null;
        String refused = commit.packed().subject(last);
        while (true) {
            Message answer = link.nextAnswer(commit.stream(), Collections.singleton(refused));
            int index = CommitLink.indexOf(answer, attempt);
            if (index < 0) {
                continue;
            }
            String subject = commit.packed().subject(index);
            if (answer.isStatusMessage()) {
                throw failures.unanswered(subject);
            }
            if (answer.getData().length == 0 && index < last) {
                continue;
            }
            PublishAck.Refusal refusal = ack(answer, subject).refusal();
            if (refusal != null && first == null) {
                first = refusal;
                refused = subject;
            }
            if (index == last) {
                if (refusal == null) {
                    plan.onBatchStored();
                } else {
                    PublishAck.Refusal why = first == null ? refusal : first;
                    plan.onBatchRefused(why.errorCode(), failure(refused, why), CommitRunner.now());
                }
                return;
            }
        }
    }

    // ------------------------------------------------------------------ one by one

    void send(Commit commit, BitSet places, CommitPlan plan) throws InterruptedException {
        String attempt = link.nextAttempt();
        CommitHeaders headers = new CommitHeaders(commit, null);
        CommitPost post = new CommitPost(link.client(), commit, headers, failures);
        AnswerGroups groups = new AnswerGroups(commit, groupSize(commit));
        int next = places.nextSetBit(0);
        while ((next >= 0 && !groups.isRefused()) || groups.waiting() > 0) {
            // Not for each answer one: what goes out together costs less.
            boolean room = groups.waiting() <= maxInFlight / 4 * 3;
            while (room && next >= 0 && !groups.isRefused() && groups.waiting() < maxInFlight) {
                post.add(next, link.reply(attempt, groups.add(next)));
                next = places.nextSetBit(next + 1);
            }
            post.flush();
            Message answer = link.nextAnswer(commit.stream(), groups.awaited());
            int index = CommitLink.indexOf(answer, attempt);
            if (index >= 0) {
                onAnswer(answer, index, groups, plan);
            }
        }
        if (groups.isRefused()) {
            tellRefusal(commit, groups, plan);
        }
    }

    private int groupSize(Commit commit) {
        return alone || commit.id().equals(toBeNamed)
                ? 1
                : Math.max(1, Math.min(MOST, maxInFlight / 16));
    }

    private void onAnswer(Message answer, int index, AnswerGroups groups, CommitPlan plan) {
        if (answer.isStatusMessage()) {
            groups.onRefused(index, failures::unanswered);
            return;
        }
        PublishAck ack;
        try {
            ack = PublishAck.parse(answer.getData());
        } catch (IllegalArgumentException e) {
            throw failures.garbled(groups.subject(index), e);
        }
        PublishAck.Refusal refusal = ack.refusal();
        if (refusal == null) {
            checkDomain(ack.domain(), groups.subject(index));
            groups.onStored(index, ack.isDuplicate(), plan::onStored);
        } else {
            groups.onRefused(index, subject -> failure(subject, refusal));
        }
    }

    private void checkDomain(String from, String subject) {
        if (domain == null) {
            domain = from;
        } else if (!alone && !domain.equals(from)) {
            alone = true;
            throw failures.severalDomains(subject);
        }
    }

    /** Where it is not clear which message was refused, they go again, each for itself. */
    private void tellRefusal(Commit commit, AnswerGroups groups, CommitPlan plan) {
        NatsFailure why = groups.refusal();
        if (groups.isAmbiguous()) {
            toBeNamed = commit.id();
            plan.onTrouble(why.sentence(), null, CommitRunner.now());
        } else {
            plan.onTrouble(why.sentence(), why, CommitRunner.now());
        }
    }

    // ------------------------------------------------------------------ both

    private PublishAck ack(Message answer, String subject) {
        try {
            return PublishAck.parse(answer.getData());
        } catch (IllegalArgumentException e) {
            throw failures.garbled(subject, e);
        }
    }

    private NatsFailure failure(String subject, PublishAck.Refusal refusal) {
        return failures.refused(
                subject, refusal.code(), refusal.errorCode(), refusal.description());
    }
}

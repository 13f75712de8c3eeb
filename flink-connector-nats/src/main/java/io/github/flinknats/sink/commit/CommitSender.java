// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.CommitFailures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.PublishFailures;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.publish.PublishAck;
import io.github.flinknats.record.NatsRecord;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Sends the messages of a commit, as a batch or one by one, and tells the plan the answers. */
@OwnedBy(ThreadRole.TASK)
final class CommitSender {
    private final CommitLink link;
    private final PublishFailures failures;
    private final int maxInFlight;

    CommitSender(CommitLink link, CommitFailures failures, int maxInFlight) {
        this.link = link;
        this.failures = failures.publishing();
        this.maxInFlight = maxInFlight;
    }

    // ------------------------------------------------------------------ as a batch

    void batch(Commit commit, boolean everyAnswer, CommitPlan plan) throws InterruptedException {
        link.client();
        long attempt = link.nextAttempt();
        String batchId = commit.id() + '-' + NUID.nextGlobal();
        int last = commit.size() - 1;
        for (int i = 0; i <= last; i++) {
            Headers headers = headers(commit, i);
            headers.add(BatchRules.ID, batchId);
            headers.add(BatchRules.SEQUENCE, Integer.toString(i + 1));
            if (i == last) {
                headers.add(BatchRules.COMMIT, "1");
            }
            boolean answered = everyAnswer || i == 0 || i == last;
            publish(commit.messages().get(i), headers, answered ? link.reply(attempt, i) : null);
        }
        awaitBatch(commit, attempt, plan);
    }

    /** The answer to the last message decides; one to an earlier message may say why. */
    private void awaitBatch(Commit commit, long attempt, CommitPlan plan)
            throws InterruptedException {
        int last = commit.size() - 1;
        PublishAck.@Nullable Refusal first = null;
        String refused = commit.messages().get(last).subject();
        while (true) {
            Message answer = link.nextAnswer(commit.stream(), refused);
            int index = CommitLink.indexOf(answer, attempt);
            if (index < 0) {
                continue;
            }
            String subject = commit.messages().get(index).subject();
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
        link.client();
        long attempt = link.nextAttempt();
        BitSet waiting = new BitSet();
        int next = places.nextSetBit(0);
        NatsFailure refused = null;
        while ((next >= 0 && refused == null) || !waiting.isEmpty()) {
            while (next >= 0 && refused == null && waiting.cardinality() < maxInFlight) {
                publish(
                        commit.messages().get(next),
                        headers(commit, next),
                        link.reply(attempt, next));
                waiting.set(next);
                next = places.nextSetBit(next + 1);
            }
            String awaited = commit.messages().get(waiting.nextSetBit(0)).subject();
            Message answer = link.nextAnswer(commit.stream(), awaited);
            int index = CommitLink.indexOf(answer, attempt);
            if (index < 0 || !waiting.get(index)) {
                continue;
            }
            waiting.clear(index);
            NatsFailure why = onAnswer(answer, commit.messages().get(index), index, plan);
            refused = refused == null ? why : refused;
        }
        if (refused != null) {
            plan.onTrouble(refused.sentence(), refused, CommitRunner.now());
        }
    }

    private @Nullable NatsFailure onAnswer(
            Message answer, OutgoingMessage message, int index, CommitPlan plan) {
        if (answer.isStatusMessage()) {
            return failures.unanswered(message.subject());
        }
        PublishAck ack = ack(answer, message.subject());
        PublishAck.Refusal refusal = ack.refusal();
        if (refusal != null) {
            return failure(message.subject(), refusal);
        }
        plan.onStored(index, ack.isDuplicate());
        return null;
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

    private void publish(OutgoingMessage message, Headers headers, @Nullable String reply) {
        try {
            link.client()
                    .connection()
                    .publish(
                            NatsMessage.builder()
                                    .subject(message.subject())
                                    .replyTo(reply)
                                    .headers(headers)
                                    .data(message.payload())
                                    .build());
        } catch (IllegalArgumentException e) {
            throw failures.unsendable(message.subject(), e);
        }
    }

    private static Headers headers(Commit commit, int index) {
        OutgoingMessage message = commit.messages().get(index);
        Headers headers = new Headers();
        message.headers().asMap().forEach((name, values) -> headers.add(name, values));
        headers.put(NatsRecord.MESSAGE_ID_HEADER, commit.messageId(index));
        return headers;
    }
}

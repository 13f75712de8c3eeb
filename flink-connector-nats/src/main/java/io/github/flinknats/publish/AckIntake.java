// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.Frame;
import io.github.flinknats.client.FrameSink;
import io.github.flinknats.client.PublishFailures;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers to what was published: off the wire, where those of one read are told together,
 * or one by one as the client brings them. The end of the reply subject says which message of which
 * attempt is answered.
 */
@OwnedBy(ThreadRole.NATS)
final class AckIntake implements FrameSink {
    private final PublishLink.Listener listener;
    private final PublishFailures failures;
    private final StoredAnswers stored = new StoredAnswers();

    /** Of the first stream that answered. */
    private @Nullable String domain;

    AckIntake(PublishLink.Listener listener, PublishFailures failures) {
        this.listener = listener;
        this.failures = failures;
    }

    @Override
    public void onFrame(Frame frame) {
        boolean status = frame.headers() != null && frame.payload().length == 0;
        read(frame.line(), frame.subjectEnd(), status, frame.payload());
    }

    @Override
    public void onReadDone() {
        if (!stored.isEmpty()) {
            listener.onStored(stored);
            stored.clear();
        }
    }

    /** Client thread. */
    void onMessage(Message answer) {
        byte[] subject = answer.getSubject().getBytes(StandardCharsets.UTF_8);
        read(subject, subject.length, answer.isStatusMessage(), answer.getData());
        onReadDone();
    }

    private void read(byte[] subject, int end, boolean status, byte[] payload) {
        int dot = lastDot(subject, end);
        long number = number(subject, dot + 1, end);
        int attempt = (int) number(subject, lastDot(subject, dot) + 1, dot);
        if (status) {
            listener.onNobody(number, attempt); // 503, the only status that is sent here.
            return;
        }
        PublishAck ack;
        try {
            ack = PublishAck.parse(payload);
        } catch (IllegalArgumentException e) {
            listener.onRefused(number, attempt, to -> failures.garbled(to, e));
            return;
        }
        PublishAck.Refusal refusal = ack.refusal();
        if (refusal == null) {
            checkDomain(ack.domain());
            stored.add(number, attempt, ack.isDuplicate());
            return;
        }
        listener.onRefused(
                number,
                attempt,
                to ->
                        failures.refused(
                                to, refusal.code(), refusal.errorCode(), refusal.description()));
    }

    /** Only streams of different domains can take the same message, and answer it twice. */
    private void checkDomain(String from) {
        if (domain == null) {
            domain = from;
        } else if (!domain.equals(from)) {
            listener.onSeveralDomains();
        }
    }

    private static int lastDot(byte[] subject, int end) {
        int at = end - 1;
        while (at >= 0 && subject[at] != '.') {
            at--;
        }
        return at;
    }

    private static long number(byte[] subject, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + (subject[i] - '0');
        }
        return number;
    }
}

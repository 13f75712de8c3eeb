// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ViolationsTest {
    private static final String REFUSAL = "Permissions Violation for Publish to \"a.b\"";

    private final Violations violations = new Violations();
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    @Test
    void endsTheWaitWhenTheSubjectIsForbidden() {
        violations.watch("a.b").over(answer);
        violations.note("Permissions Violation for Publish to \"a.b.c\"");
        violations.note("Slow Consumer \"a.b\"");
        assertThat(answer).isNotDone();
        violations.note(REFUSAL);
        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void hearsOfARefusalThatComesBeforeTheRequestIsKnown() {
        Violations.Watch watch = violations.watch("a.b");
        violations.note(REFUSAL);
        watch.over(answer);
        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void isNotMisledByAnEarlierRefusal() {
        violations.note(REFUSAL);
        violations.watch("a.b").over(answer);
        assertThat(answer).isNotDone();
    }

    @Test
    void leavesAnAnswerAlone() {
        violations.watch("a.b").over(answer);
        answer.complete("yes");
        violations.note(REFUSAL);
        assertThat(answer).isCompletedWithValue("yes");
    }

    @Test
    void endsEveryWaitWhenNoAnswerCanBeHeard() {
        violations.watch("a.b").over(answer);
        violations.note("Permissions Violation for Subscription to \"_INBOX.flink-sink.job\"");
        assertThat(answer).isNotDone();
        violations.note("Permissions Violation for Subscription to \"_INBOX.x.*\"");
        assertThat(answer).isCompletedExceptionally();

        CompletableFuture<String> later = new CompletableFuture<>();
        violations.watch("c").over(later);
        assertThat(later).isCompletedExceptionally();

        violations.disconnected();
        CompletableFuture<String> elsewhere = new CompletableFuture<>();
        violations.watch("c").over(elsewhere);
        assertThat(elsewhere).isNotDone();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerGroupsTest {
    private final List<String> stored = new ArrayList<>();

    private static NatsFailure failure(String subject) {
        return Failures.at(ConnectionSettings.of("host:4222"))
                .publishing("publish to", "sink.subject")
                .refused(subject, 503, 1, "not available");
    }

    private void onStored(AnswerGroups groups, int number, boolean again) {
        groups.onStored(number, again, (index, before) -> stored.add(index + (before ? "!" : "")));
    }

    @Test
    void aGroupIsStoredWhenAllOfItIsAnswered() {
        AnswerGroups groups = new AnswerGroups(Commits.of(false, "a", "b", "c", "d"), 3);
        assertThat(groups.add(0)).isZero();
        assertThat(groups.add(2)).isZero();
        assertThat(groups.awaited()).containsExactly("a", "c");
        onStored(groups, 0, true);
        assertThat(groups.add(3)).as("a group with answers takes no more").isEqualTo(3);
        assertThat(groups.waiting()).isEqualTo(2);
        assertThat(stored).isEmpty();
        onStored(groups, 0, false);
        assertThat(stored).as("one of them was there before").containsExactly("0!", "2");
        assertThat(groups.awaited()).containsExactly("d");
        onStored(groups, 3, false);
        onStored(groups, 0, false);
        assertThat(stored).containsExactly("0!", "2", "3");
        assertThat(groups.waiting()).isZero();
        assertThat(groups.awaited()).isEmpty();
        assertThat(groups.isRefused()).isFalse();
    }

    @Test
    void aRefusalIsClearWhereAllHaveOneSubject() {
        AnswerGroups groups = new AnswerGroups(Commits.of(false, "a", "a", "b"), 2);
        groups.add(0);
        groups.add(1);
        groups.onRefused(0, AnswerGroupsTest::failure);
        onStored(groups, 0, false);
        assertThat(groups.waiting()).isZero();
        assertThat(groups.isRefused()).isTrue();
        assertThat(groups.isAmbiguous()).isFalse();
        assertThat(groups.refusal().sentence()).contains("subject a");
        assertThat(stored).isEmpty();
    }

    @Test
    void aRefusalInAGroupOfSeveralSubjectsIsNot() {
        AnswerGroups groups = new AnswerGroups(Commits.of(false, "a", "b"), 2);
        groups.add(0);
        groups.add(1);
        groups.onRefused(0, AnswerGroupsTest::failure);
        assertThat(groups.isAmbiguous()).isTrue();
    }
}

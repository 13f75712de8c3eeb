// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullCreditsTest {

    private static List<String> pulls(PullCredits credits) {
        List<String> pulls = new ArrayList<>();
        while (credits.wantsPull()) {
            CursorCommand pull = credits.pull(1_000);
            pulls.add(pull.number() + ": " + pull.messages() + "/" + pull.bytes());
        }
        return pulls;
    }

    @ParameterizedTest
    @CsvSource({
        // Both limits divided, as many pulls as the narrower of them allows.
        "20000, 16777216, 4, 5000, 2097152",
        "4,     1048576,  4, 1,    131072",
        "1,     1048576,  1, 1,    131072",
        "3,     1048576,  3, 1,    131072",
        "7,     1048576,  7, 1,    131072",
        "100,   262144,   4, 25,   65536",
        "100,   65536,    1, 25,   65536",
        "100,   1024,     1, 25,   1024",
        "100,   200000,   3, 25,   65536"
    })
    void asksForAllCreditInSeveralPulls(
            int maxMessages, long maxBytes, int count, int messages, long bytes) {
        PullCredits credits = new PullCredits(maxMessages, maxBytes);
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            expected.add(i + ": " + messages + "/" + bytes);
        }
        assertThat(pulls(credits)).isEqualTo(expected);
        assertThat(credits.inUseMessages()).isEqualTo((long) count * messages);
        assertThat(credits.inUseBytes()).isEqualTo(count * bytes);
    }

    @Test
    void countsWhatIsHeldUntilItIsReleased() {
        PullCredits credits = new PullCredits(4, 1 << 20);
        pulls(credits);
        credits.received(500);
        credits.ended(1, 0, 131_072 - 500);
        assertThat(credits.inUseMessages()).isEqualTo(4);
        assertThat(credits.inUseBytes()).isEqualTo(3 * 131_072 + 500);
        assertThat(pulls(credits)).isEmpty();

        credits.released(1, 500);
        assertThat(pulls(credits)).containsExactly("5: 1/131072");
    }

    @Test
    void keepsWhatIsHeldWhenTheConsumerGoes() {
        PullCredits credits = new PullCredits(4, 1 << 20);
        pulls(credits);
        credits.received(500);
        credits.reset();
        assertThat(credits.anyOpen()).isFalse();
        assertThat(credits.inUseMessages()).isEqualTo(1);
        assertThat(credits.inUseBytes()).isEqualTo(500);
        assertThat(pulls(credits)).hasSize(3);
    }

    @Test
    void givesBackOnceWhatAPullDidNotUse() {
        PullCredits credits = new PullCredits(4, 1 << 20);
        pulls(credits);
        credits.ended(2, 1, 131_072);
        credits.ended(2, 1, 131_072);
        credits.ended(99, 1, 131_072);
        assertThat(credits.inUseMessages()).isEqualTo(3);
        assertThat(credits.inUseBytes()).isEqualTo(3 * 131_072);
    }

    @Test
    void nothingIsOwedWhenNoPullIsOpen() {
        PullCredits credits = new PullCredits(2, 1 << 20);
        pulls(credits);
        credits.ended(1, 0, 0); // Its message got lost.
        credits.ended(2, 0, 0);
        assertThat(credits.anyOpen()).isFalse();
        assertThat(credits.inUseMessages()).isZero();
        assertThat(credits.inUseBytes()).isZero();
    }

    @Test
    void asksForAMessageThatIsTooLargeAloneAndTwiceAsMuchEachTime() {
        PullCredits credits = new PullCredits(100, 64 << 10);
        pulls(credits);
        credits.received(100);
        credits.endedByBytes(1, 24, (64 << 10) - 100);
        credits.released(1, 100);
        assertThat(pulls(credits)).as("it may fit a whole pull").containsExactly("2: 25/65536");

        credits.endedByBytes(2, 25, 64 << 10);
        assertThat(pulls(credits)).containsExactly("3: 1/131072");
        credits.endedByBytes(3, 1, 128 << 10);
        assertThat(pulls(credits)).containsExactly("4: 1/262144");

        credits.received(200_000);
        credits.ended(4, 0, (256 << 10) - 200_000);
        assertThat(pulls(credits)).as("the large message is still held").isEmpty();
        credits.released(1, 200_000);
        assertThat(pulls(credits)).containsExactly("5: 25/65536");
    }

    @Test
    void waitsWithALargeMessageUntilNothingElseIsThere() {
        PullCredits credits = new PullCredits(100, 1 << 20);
        pulls(credits);
        credits.received(100);
        credits.endedByBytes(1, 25, 128 << 10);
        assertThat(credits.wantsPull()).isFalse();
        credits.reset();
        assertThat(credits.wantsPull()).isFalse();
        credits.released(1, 100);
        assertThat(pulls(credits)).containsExactly("5: 1/262144");
    }

    @Test
    void theOldestPullIsOverdueFirst() {
        PullCredits credits = new PullCredits(2, 1 << 20);
        credits.pull(1_000);
        credits.pull(2_000);
        assertThat(credits.anyOverdue(1_000)).isFalse();
        assertThat(credits.anyOverdue(1_001)).isTrue();
        credits.ended(1, 1, 131_072);
        assertThat(credits.anyOverdue(2_000)).isFalse();
        assertThat(credits.anyOverdue(2_001)).isTrue();
        credits.ended(2, 1, 131_072);
        assertThat(credits.anyOverdue(Long.MAX_VALUE)).isFalse();
    }
}

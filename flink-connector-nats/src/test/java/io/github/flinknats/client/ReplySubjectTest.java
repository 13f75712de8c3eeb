// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplySubjectTest {
    private static final int FUZZ_CASES = 1_000_000;
    private static final String SHORT = "$JS.ACK.ORDERS.flink-1.1.4711.17.1700000000000000000.3";
    private static final String LONG =
            "$JS.ACK._.ACCHASH.ORDERS.flink-1.1.4711.17.1700000000000000000.3";

    private static final String NUMBERS = "(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)";

    /** The two forms, written down once more and slowly. */
    private static final Pattern SHORT_FORM =
            Pattern.compile("\\$JS\\.ACK\\.(?:[^.]*\\.){2}" + NUMBERS);

    private static final Pattern LONG_FORM =
            Pattern.compile(
                    "\\$JS\\.ACK\\.(?:[^.]*\\.){4}" + NUMBERS + "(?:\\..*)?", Pattern.DOTALL);

    private final ReplySubject reply = new ReplySubject();

    private List<Long> numbers() {
        return Arrays.asList(
                reply.streamSequence(),
                reply.consumerSequence(),
                reply.timestampNanos(),
                reply.pending());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SHORT,
                LONG,
                LONG + ".more",
                LONG + ".more.and.more",
                "$JS.ACK.hub.ACCHASH.ORDERS.flink-1.1.4711.17.1700000000000000000.3",
                "$JS.ACK.7.8.1.4711.17.1700000000000000000.3"
            })
    void readsBothForms(String subject) {
        assertThat(reply.parse(subject)).isTrue();
        assertThat(numbers()).containsExactly(4711L, 17L, 1700000000000000000L, 3L);
    }

    @Test
    void readsTheLargestNumbers() {
        String most = Long.toString(Long.MAX_VALUE);
        assertThat(reply.parse("$JS.ACK.S.C.1." + most + ".1." + most + ".0")).isTrue();
        assertThat(numbers()).containsExactly(Long.MAX_VALUE, 1L, Long.MAX_VALUE, 0L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$JS.ACK.",
                "$JS.ACK",
                "$JS.FC.ORDERS.flink-1.1.4711.17.1700000000000000000.3",
                "_INBOX.abc.1",
                "$JS.ACK.ORDERS.flink-1.1.4711.17.1700000000000000000",
                "$JS.ACK.x.ORDERS.flink-1.1.4711.17.1700000000000000000.3",
                "$JS.ACK.ORDERS.flink-1.1.-4711.17.1700000000000000000.3",
                "$JS.ACK.ORDERS.flink-1.1.4711.17.1700000000000000000.",
                "$JS.ACK.ORDERS.flink-1..4711.17.1700000000000000000.3",
                "$JS.ACK.ORDERS.flink-1.1.4711.17.17e9.3",
                "$JS.ACK.ORDERS.flink-1.1.9223372036854775808.17.1.3",
                "$JS.ACK.ORDERS.flink-1.1.00000000000000000001.17.1.3",
                "$JS.ACK.ORDERS.flink-1.1.\u0661.17.1.3",
                "$js.ack.ORDERS.flink-1.1.4711.17.1700000000000000000.3"
            })
    void refusesWhatIsNotOne(String subject) {
        assertThat(reply.parse(subject)).isFalse();
    }

    @Test
    void isUsedAgainAfterGarbage() {
        assertThat(reply.parse("$JS.ACK.S.C.1.x.1.1.1")).isFalse();
        assertThat(reply.parse(SHORT)).isTrue();
        assertThat(numbers()).containsExactly(4711L, 17L, 1700000000000000000L, 3L);
    }

    @Test
    void neverThrowsAndAcceptsOnlyRightOnes() {
        SplittableRandom random = new SplittableRandom(1);
        int accepted = 0;
        for (int i = 0; i < FUZZ_CASES; i++) {
            String subject = mutated(random.nextBoolean() ? SHORT : LONG, random);
            List<Long> expected = numbersOf(subject);
            boolean right = reply.parse(subject);
            if (right != (expected != null)) {
                fail("seed 1, case " + i + ": " + right + " for " + subject);
            }
            if (right) {
                accepted++;
                if (!numbers().equals(expected)) {
                    fail("seed 1, case " + i + ": " + numbers() + " in " + subject);
                }
            }
        }
        assertThat(accepted).isBetween(FUZZ_CASES / 10, FUZZ_CASES * 9 / 10);
    }

    /** What the subject carries, or null when it is not a reply subject. */
    private static List<Long> numbersOf(String subject) {
        Matcher form = SHORT_FORM.matcher(subject);
        if (!form.matches()) {
            form = LONG_FORM.matcher(subject);
            if (!form.matches()) {
                return null;
            }
        }
        List<Long> numbers = new ArrayList<>();
        for (int group = 1; group <= 5; group++) {
            String digits = form.group(group);
            String largest = Long.toString(Long.MAX_VALUE);
            if (digits.length() > 19 || (digits.length() == 19 && digits.compareTo(largest) > 0)) {
                return null;
            }
            numbers.add(Long.parseLong(digits));
        }
        return numbers.subList(1, 5);
    }

    private static String mutated(String subject, SplittableRandom random) {
        StringBuilder text = new StringBuilder(subject);
        for (int changes = random.nextInt(3); changes >= 0 && text.length() > 0; changes--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(6)) {
                case 0:
                    text.deleteCharAt(at);
                    break;
                case 1:
                    text.insert(at, '.');
                    break;
                case 2:
                    text.insert(at, random.nextInt(10));
                    break;
                case 3:
                    text.setCharAt(at, (char) random.nextInt(1 << 16));
                    break;
                case 4:
                    text.setLength(at);
                    break;
                default:
                    text.append(text, at, text.length());
            }
        }
        return text.toString();
    }
}

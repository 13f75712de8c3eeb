// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import java.util.Arrays;

/** Answers that messages are stored, gathered to be told together. */
@OwnedBy(ThreadRole.ANY)
final class StoredAnswers {
    private long[] numbers = new long[1];
    private int[] attempts = new int[1];
    private int count;
    private int repeats;

    /** Hears of each answer. */
    interface Reader {
        void onStored(long number, int attempt);
    }

    /**
     * Adds an answer.
     *
     * @param again whether the message was stored before, under the same id
     */
    StoredAnswers add(long number, int attempt, boolean again) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
            attempts = Arrays.copyOf(attempts, 2 * count);
        }
        numbers[count] = number;
        attempts[count] = attempt;
        count++;
        repeats += again ? 1 : 0;
        return this;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int repeats() {
        return repeats;
    }

    void forEach(Reader reader) {
        for (int i = 0; i < count; i++) {
            reader.onStored(numbers[i], attempts[i]);
        }
    }

    void clear() {
        count = 0;
        repeats = 0;
    }
}

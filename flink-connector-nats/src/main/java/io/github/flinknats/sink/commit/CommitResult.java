// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.commit;

import org.apache.flink.annotation.Internal;

/** How a commit went. */
@Internal
public final class CommitResult {
    private final int messages;
    private final int recognised;
    private final int retries;

    CommitResult(int messages, int recognised, int retries) {
        this.messages = messages;
        this.recognised = recognised;
        this.retries = retries;
    }

    /** How many messages were found stored already. */
    public int recognised() {
        return recognised;
    }

    /** Whether all messages were stored before. */
    public boolean isRepeat() {
        return recognised == messages;
    }

    /** How many times something had to be tried again. */
    public int retries() {
        return retries;
    }
}

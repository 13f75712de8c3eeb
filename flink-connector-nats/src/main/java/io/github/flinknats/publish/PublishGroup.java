// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;

/** Neighbours in a window whose answers come to the same place. Guarded by the publisher's lock. */
@OwnedBy(ThreadRole.ANY)
final class PublishGroup {
    private final PublishWindow.InFlight first;
    private int members;
    private int answers;
    private int refusals;
    private long bytes;
    private boolean mixed;

    PublishGroup(PublishWindow.InFlight first) {
        this.first = first;
    }

    /** The message whose number stands for the group. */
    PublishWindow.InFlight first() {
        return first;
    }

    /**
     * Whether another message may join: not when answers come, or the group may be gone by then.
     */
    boolean isOpen(PublishSettings settings) {
        return answers == 0 && members < settings.groupMessages() && bytes < settings.groupBytes();
    }

    void add(PublishWindow.InFlight message) {
        members++;
        bytes += message.message().bytes();
        mixed |= !message.message().subject().equals(first.message().subject());
    }

    void onAnswer() {
        answers++;
    }

    /** Of an answer that counts already. */
    void onRefused() {
        refusals++;
    }

    /** Whether it has several subjects, so that a refusal may mean any of them. */
    boolean isMixed() {
        return mixed;
    }

    boolean isAnswered() {
        return answers == members;
    }

    boolean isStored() {
        return isAnswered() && refusals == 0;
    }
}

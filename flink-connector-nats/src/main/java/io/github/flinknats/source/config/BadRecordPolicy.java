// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import static org.apache.flink.configuration.description.TextElement.text;

import io.github.flinknats.subject.SubjectFilter;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;
import org.jspecify.annotations.Nullable;

/** What becomes of a message that cannot be decoded. */
@PublicEvolving
public final class BadRecordPolicy implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Action action;
    private final @Nullable String subject;

    private BadRecordPolicy(Action action, @Nullable String subject) {
        this.action = action;
        this.subject = subject;
    }

    /** The kinds of policy. */
    @PublicEvolving
    public enum Action implements DescribedEnum {
        /** The job fails and says which message it was. */
        FAIL("fail", "The job fails with an error that names the message and what is wrong."),
        /** The message is counted and passed over. */
        SKIP("skip", "The message is passed over, counted, and now and then logged."),
        /** The message goes to another subject, and reading goes on. */
        DEAD_LETTER(
                "dead-letter",
                "The message is published to 'scan.dead-letter.subject', as it is and with headers"
                        + " that say what is wrong; a checkpoint waits until it is stored there.");

        private final String value;
        private final String meaning;

        Action(String value, String meaning) {
            this.value = value;
            this.meaning = meaning;
        }

        @Override
        public InlineElement getDescription() {
            return text(meaning);
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /** The job fails: the default. */
    public static BadRecordPolicy fail() {
        return new BadRecordPolicy(Action.FAIL, null);
    }

    /** The message is counted and passed over. */
    public static BadRecordPolicy skip() {
        return new BadRecordPolicy(Action.SKIP, null);
    }

    /**
     * The message goes to another subject, which a stream must carry: payload and headers as they
     * are, with headers that tell the error and the origin. A checkpoint waits until it is stored.
     *
     * @throws IllegalArgumentException when nothing can be published to the subject
     */
    public static BadRecordPolicy deadLetter(String subject) {
        if (SubjectFilter.parse(subject).hasWildcard()) {
            throw new IllegalArgumentException(
                    "The subject '"
                            + subject
                            + "' has a wildcard, and a message goes to one subject.");
        }
        if (subject.startsWith("$JS.") || subject.startsWith("$SYS.")) {
            throw new IllegalArgumentException(
                    "The subject '" + subject + "' is one of the server's own.");
        }
        return new BadRecordPolicy(Action.DEAD_LETTER, subject);
    }

    public Action action() {
        return action;
    }

    /** Where bad records go, or null when they go nowhere. */
    public @Nullable String deadLetterSubject() {
        return subject;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BadRecordPolicy
                && action == ((BadRecordPolicy) other).action
                && Objects.equals(subject, ((BadRecordPolicy) other).subject);
    }

    @Override
    public int hashCode() {
        return Objects.hash(action, subject);
    }

    @Override
    public String toString() {
        return subject == null ? action.toString() : action + " to " + subject;
    }
}

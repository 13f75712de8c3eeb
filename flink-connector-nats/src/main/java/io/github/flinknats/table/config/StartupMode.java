// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.apache.flink.configuration.description.TextElement.text;

import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;

/** Values of {@code scan.startup.mode}. */
@PublicEvolving
public enum StartupMode implements DescribedEnum {
    EARLIEST("earliest", "Start at the first message that the stream still has."),
    LATEST("latest", "Start behind the last message that the stream has when the job starts."),
    TIMESTAMP(
            "timestamp", "Start at the first message stored at or after 'scan.startup.timestamp'."),
    SEQUENCE(
            "sequence",
            "Start at the stream sequence 'scan.startup.sequence', or the next one that exists."),
    LAST_PER_SUBJECT(
            "last-per-subject",
            "Start with the newest message of each subject, as the stream has them when the job"
                    + " starts, and go on with everything that is stored later."),
    CONSUMER(
            "consumer",
            "Start where the consumer 'scan.durable-consumer' stands, and read through it.");

    private final String value;
    private final String meaning;

    StartupMode(String value, String meaning) {
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

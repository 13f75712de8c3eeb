// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.apache.flink.configuration.description.TextElement.text;

import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;

/** Values of {@code scan.bounded.mode}. */
@PublicEvolving
public enum BoundedMode implements DescribedEnum {
    UNBOUNDED("unbounded", "Read for ever."),
    LATEST("latest", "End at the last message that the stream has when the job starts."),
    TIMESTAMP(
            "timestamp",
            "End before the first message stored at or after 'scan.bounded.timestamp'."),
    SEQUENCE("sequence", "End with the stream sequence 'scan.bounded.sequence', inclusive.");

    private final String value;
    private final String meaning;

    BoundedMode(String value, String meaning) {
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

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import static org.apache.flink.configuration.description.TextElement.text;

import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;

/** What to do when messages are gone before they were read. */
@PublicEvolving
public enum DataLossPolicy implements DescribedEnum {
    /** The job fails and says what is missing. */
    FAIL("fail", "The job fails and says what is missing."),
    /** Reading goes on with what there is; each loss is logged and counted. */
    CONTINUE(
            "continue",
            "Reading goes on at the first available message, and a stream that was made again is"
                    + " read from its first; each loss is logged and counted.");

    private final String value;
    private final String meaning;

    DataLossPolicy(String value, String meaning) {
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

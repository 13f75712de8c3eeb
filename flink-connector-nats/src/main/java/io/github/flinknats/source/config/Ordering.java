// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.config;

import static org.apache.flink.configuration.description.TextElement.text;

import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;

/** The scope within which records arrive in stream order. */
@PublicEvolving
public enum Ordering implements DescribedEnum {
    /** All filters of a stream are read by one cursor: one split, one order, one watermark. */
    STREAM(
            "stream",
            "All subject filters of a stream are read as one: rows arrive in the order in which"
                    + " the stream stores them."),
    /** Each filter is a split of its own: filters are read in parallel, each in stream order. */
    FILTER(
            "filter",
            "Each subject filter is read on its own, in parallel and with its own watermark: rows"
                    + " of one filter arrive in stream order.");

    private final String value;
    private final String meaning;

    Ordering(String value, String meaning) {
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

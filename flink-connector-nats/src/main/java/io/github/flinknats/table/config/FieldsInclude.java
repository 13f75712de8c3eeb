// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;
import org.apache.flink.configuration.description.TextElement;

/** Which columns are in the payload. */
@PublicEvolving
public enum FieldsInclude implements DescribedEnum {
    /** All physical columns. */
    ALL("all", "All columns, those of the subject too."),

    /** Those that are not tokens of the subject. */
    EXCEPT_SUBJECT("except-subject", "All columns but those of the subject.");

    private final String text;
    private final String description;

    FieldsInclude(String text, String description) {
        this.text = text;
        this.description = description;
    }

    @Override
    public InlineElement getDescription() {
        return TextElement.text(description);
    }

    /** As written in SQL. */
    @Override
    public String toString() {
        return text;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test shows to have its effect, through SQL and against a real server. {@link SqlFixture}
 * fails a test whose SQL does not contain what it claims; {@link SqlCoverageTest} fails for an
 * option or metadata key that no test claims.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Covers {

    /** Keys of options, as written in {@code WITH}. */
    String[] options() default {};

    /** Keys of metadata, as in {@code METADATA FROM 'key'}. */
    String[] metadata() default {};
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which thread reads and writes the mutable state of a class. Every class with a field that is
 * not final carries it; a class owned by one thread needs neither locks nor volatile fields.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface OwnedBy {
    /** The owners; more than one only where ownership moves by a safe hand-over. */
    ThreadRole[] value();
}

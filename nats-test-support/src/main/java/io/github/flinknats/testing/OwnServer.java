// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives each test (of the class, or this method) a {@link NatsServer} of its own, closed
 * afterwards: for tests that kill, pause or configure their server. On a method it takes the place
 * of the class's.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface OwnServer {

    /** Lines for the configuration file. */
    String config() default "";

    /** Users who may do everything, as "name:password"; the fixture logs in as the first. */
    String[] users() default {};

    /** The fixture's own login, as "name:password", if {@link #config} brings the users. */
    String login() default "";
}

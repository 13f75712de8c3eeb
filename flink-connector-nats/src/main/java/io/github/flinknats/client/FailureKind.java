// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import org.apache.flink.annotation.PublicEvolving;

/** Whose fault a failure is, which says who can mend it. */
@PublicEvolving
public enum FailureKind {
    /** An option or a table does not fit the server: change the table. */
    CONFIGURATION,
    /** The server refuses the login or a subject: change the user or the permissions. */
    AUTHORIZATION,
    /** A stream or consumer does not exist. */
    MISSING,
    /** Messages that should be read are gone. */
    DATA_LOSS,
    /** The server does not answer: it may come back. */
    UNAVAILABLE,
    /** The server answers and says no. */
    REFUSED,
    /** A message cannot be decoded. */
    BAD_RECORD,
    /** The connector or the server broke its own rules: please report it. */
    BUG
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

/** One request to the JetStream API: the subject, and what it is for, as failures say it. */
final class ApiCall {
    private final String subject;
    private final String purpose;

    ApiCall(String subject, String purpose) {
        this.subject = subject;
        this.purpose = purpose;
    }

    String subject() {
        return subject;
    }

    /** A verb phrase: "look up stream ORDERS". */
    String purpose() {
        return purpose;
    }
}

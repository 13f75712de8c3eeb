// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import java.util.HashMap;
import java.util.Map;

/** Texts of the sources that no user can meet, and why. */
final class InternalTexts {
    static final Map<String, String> WITH_REASON = new HashMap<>();

    static {
        because(
                "the compiler wants a throw behind a switch that has a case for every value",
                "A bounded mode without a position.",
                "A login without a hint.",
                "A policy without a meaning.",
                "A start mode without a position.",
                "Unknown command <…>",
                "Unknown kind <…>",
                "Unknown meaning <…>",
                "Unknown ordering <…>",
                "Unknown start <…>",
                "Unknown state <…>",
                "Unknown stop <…>");
        because(
                "a caller within the connector would have to break a contract",
                "A commit has messages.",
                "A durable consumer knows its position itself.",
                "A NATS request failed unexpectedly",
                "At least one message and one byte must go out.",
                "Cannot understand what the client sends",
                "Connecting to NATS failed unexpectedly",
                "Message <…> is not in the window.",
                "Neither a stream nor a subject is given.",
                "No token is a <…>",
                "No zero of <…>",
                "The publisher is closed.",
                "The size of a commit was not foreseen.",
                "The client does not send whole messages",
                "The stream was not looked at.",
                "Unknown change of splits: <…>",
                "already read",
                "not expected: <…>",
                "not traced: <…>",
                "nothing to act on: <…>");
        because(
                "it ends a thread that is being stopped, and nobody hears it",
                "Interrupted while waiting for NATS messages",
                "the connecting thread was interrupted",
                "the sink is closed");
        because("every Java has what it asks for", "Cannot use the NKey", "This Java has no TLS");
        because(
                "a part of EXPLAIN, of a name or of a log line",
                "NATS, of which <…>",
                "fail because a message cannot be written",
                "fail because nothing can be written",
                "go on writing",
                "last read");
        because("the name of a character in the message around it", "a space");
        because(
                "what others say is recognised by it",
                "EC PRIVATE KEY",
                "ENCRYPTED PRIVATE KEY",
                "No subject alternative|No name matching|hostname|host name",
                "NotAfter|validity check failed|timestamp check failed|certificate_expired",
                "PRIVATE KEY",
                "RSA PRIVATE KEY",
                "SSL connection wanted by client",
                "SSL required by server",
                "[Uu]nrecognized SSL message|plaintext connection",
                "batch completed",
                "exceeded maxrequest",
                "(?s).*for Subscription to \"[^\"]*[*>]\".*",
                "for Publish to \"<…>",
                "for Subscription",
                "message size exceeds maxbytes",
                "permissions violation",
                "permissions violation for publish",
                "unable to find valid certification path|path building failed|trust ?[Aa]nchor|path"
                        + " validation failed");
    }

    private InternalTexts() {}

    private static void because(String reason, String... texts) {
        for (String text : texts) {
            WITH_REASON.put(text, reason);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.time.Duration;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** The part of {@link Failures} that tells why messages cannot be published. */
@Internal
public final class PublishFailures {
    private final Failures failures;
    private final String servers;
    private final String what;
    private final String option;

    PublishFailures(Failures failures, String servers, String what, String option) {
        this.failures = failures;
        this.servers = servers;
        this.what = what;
        this.option = option;
    }

    /** JetStream answered with an error. */
    public NatsFailure refused(String subject, int code, int errorCode, String description) {
        return failures.refused(call(subject), code, errorCode, description);
    }

    /** Nobody takes the subject at the moment; it may be a stream whose leader is elected. */
    public NatsFailure unanswered(String subject) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                cannot(subject)
                        + "because nobody answers there: no stream carries the subject, or its"
                        + " leader is being elected.",
                null);
    }

    /** The answers to several messages cannot be told apart. */
    public NatsFailure severalDomains(String subject) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                cannot(subject)
                        + "in one go with others, because streams of several JetStream domains"
                        + " answer; each message goes for itself.",
                null);
    }

    /** No stream has the subject. */
    public NatsFailure noStream(String subject) {
        return new NatsFailure(
                FailureKind.MISSING,
                false,
                cannot(subject)
                        + "because no stream carries the subject. Please create one, or correct '"
                        + option
                        + "'.",
                null);
    }

    /** The connection carries no message of this size. */
    public NatsFailure tooLarge(String subject, long bytes, long limit) {
        return new NatsFailure(
                FailureKind.REFUSED,
                false,
                cannot(subject)
                        + "because it has "
                        + bytes
                        + " bytes with its headers, and the server takes "
                        + limit
                        + ". Please raise 'max_payload' of the server.",
                null);
    }

    /** The server forbids the subject, or to listen for its answer. */
    public NatsFailure forbidden(String subject, String violation) {
        return failures.forbidden(call(subject), violation);
    }

    /** An answer that cannot be understood: perhaps not a stream's. */
    public NatsFailure garbled(String subject, Throwable cause) {
        return failures.garbled(call(subject), cause);
    }

    /** The client did not take the message. */
    public NatsFailure interrupted(String subject, Throwable cause) {
        return failures.interrupted(call(subject), cause);
    }

    /** The client refuses the message as it is. */
    public NatsFailure unsendable(String subject, Throwable cause) {
        return new NatsFailure(
                FailureKind.REFUSED,
                false,
                cannot(subject)
                        + "because it is no valid message: "
                        + withoutStop(Failures.text(cause))
                        + ".",
                cause);
    }

    /** Something happened that was not thought of. */
    public NatsFailure unexpected(Throwable cause) {
        return new NatsFailure(
                FailureKind.BUG,
                false,
                "Cannot "
                        + what
                        + " any subject on "
                        + servers
                        + ", because "
                        + withoutStop(Failures.text(cause))
                        + ". Please report this.",
                cause);
    }

    /** Nothing was acknowledged for too long. */
    public NatsFailure outage(
            String subject, Duration limit, String reason, @Nullable Throwable cause) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                cannot(subject)
                        + "because for "
                        + Failures.seconds(limit)
                        + " nothing was acknowledged: "
                        + withoutStop(reason)
                        + ". Flink's restart strategy decides what comes next; to wait longer,"
                        + " raise 'nats.outage-timeout'.",
                cause);
    }

    /** Waiting took longer than the publisher itself may. */
    public NatsFailure stuck(Duration patience) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                "Cannot "
                        + what
                        + " any subject on "
                        + servers
                        + ", because messages are still on their way after "
                        + Failures.seconds(patience)
                        + ". Flink's restart strategy decides what comes next; to fail earlier,"
                        + " lower 'nats.outage-timeout'.",
                null);
    }

    static String withoutStop(String reason) {
        return reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
    }

    private ApiCall call(String subject) {
        return new ApiCall(subject, what + " subject " + subject);
    }

    private String cannot(String subject) {
        return "Cannot " + call(subject).purpose() + " on " + servers + ", ";
    }
}

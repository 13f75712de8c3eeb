// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.subject.Printable;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The only maker of {@link NatsFailure}: every text says what cannot be done, where, why, and which
 * option to change.
 */
@Internal
public final class Failures {
    private static final int LONGEST_REASON = 500;

    private final String servers;

    private Failures(String servers) {
        this.servers = servers;
    }

    public static Failures at(ConnectionSettings settings) {
        return new Failures(settings.servers().toString());
    }

    /**
     * Failures of publishing.
     *
     * @param what a verb phrase that a subject can follow: "publish a dead letter to"
     * @param option the option that chooses the subject
     */
    public PublishFailures publishing(String what, String option) {
        return new PublishFailures(this, servers, what, option);
    }

    /** The client gave up the connection for good. */
    public NatsFailure connectionClosed(String reason) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                "Lost the connection to " + servers + (reason.isEmpty() ? "" : ": " + reason) + ".",
                null);
    }

    /** A request was not answered in time. */
    NatsFailure timeout(ApiCall call, Duration limit) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                cannot(call)
                        + "because it did not answer within "
                        + seconds(limit)
                        + ". If it is only slow, raise 'nats.request-timeout'.",
                null);
    }

    /** Nobody listens on the API subject. */
    NatsFailure noResponder(ApiCall call) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                cannot(call)
                        + "because nobody answers there: JetStream is not enabled for this server"
                        + " or account, its leader is being elected, or its API has another prefix:"
                        + " set 'nats.domain' or 'nats.api-prefix'.",
                null);
    }

    /** The request was lost with the connection, or could not be sent. */
    NatsFailure interrupted(ApiCall call, @Nullable Throwable cause) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                cannot(call)
                        + "because "
                        + (cause == null ? "the connection broke" : text(cause))
                        + ".",
                cause);
    }

    /** The server forbids a subject. */
    NatsFailure forbidden(ApiCall call, String violation) {
        return new NatsFailure(
                FailureKind.AUTHORIZATION,
                false,
                cannot(call)
                        + "because the user lacks a permission; the server says: "
                        + violation
                        + (violation.contains("for Subscription")
                                ? ". Please grant it, or set 'nats.inbox-prefix' to what the user"
                                        + " may subscribe to."
                                : ". Please grant it, or log in as another user with 'nats.user'."),
                null);
    }

    /** JetStream answered with an error. */
    NatsFailure refused(ApiCall call, int code, int errorCode, String description) {
        ApiError known = ApiError.of(errorCode);
        boolean retriable = known.isRetriable() || (known == ApiError.OTHER && code >= 500);
        FailureKind kind = retriable ? FailureKind.UNAVAILABLE : known.kind();
        return new NatsFailure(
                kind,
                retriable,
                cannot(call)
                        + "because it says: "
                        + description
                        + " (code "
                        + (errorCode > 0 ? errorCode : code)
                        + ")."
                        + (known.hint().isEmpty() ? "" : " " + known.hint()),
                null);
    }

    /** An answer that cannot be understood. */
    NatsFailure garbled(ApiCall call, Throwable cause) {
        return new NatsFailure(
                FailureKind.BUG,
                false,
                cannot(call) + "because its answer cannot be understood: " + text(cause) + ".",
                cause);
    }

    /** No stream, or several, carry the wanted subjects. */
    public NatsFailure streamNotFound(List<String> subjects, List<String> streams) {
        if (streams.isEmpty()) {
            return new NatsFailure(
                    FailureKind.MISSING,
                    false,
                    "Cannot find a stream on "
                            + servers
                            + " that carries "
                            + subjects
                            + ". Please check 'nats.subject', or create the stream, or name it"
                            + " with 'nats.stream'.",
                    null);
        }
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                "Cannot choose a stream on "
                        + servers
                        + " for "
                        + subjects
                        + ", because several carry some of it: "
                        + streams
                        + ". Please set 'nats.stream' to one of them.",
                null);
    }

    /** The table's subjects are not the stream's. */
    public NatsFailure notInStream(String stream, List<String> wanted, List<String> carried) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                "Cannot read "
                        + wanted
                        + " from stream "
                        + stream
                        + " on "
                        + servers
                        + ", because the stream carries only "
                        + carried
                        + ". Please correct 'nats.subject' or 'nats.stream'.",
                null);
    }

    /** What a restored job is to read does not go with what it has read. */
    public NatsFailure cannotChange(String target, String why, String way) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                String.format(
                                "Cannot go on from the restored state with %s on %s, because %s.",
                                target, servers, why)
                        + (" Please "
                                + way
                                + ", or undo the change of 'nats.subject', or start the")
                        + " job without the old state.",
                null);
    }

    /** The stream deletes what is acknowledged, so it cannot be replayed. */
    public NatsFailure notReplayable(String stream, String retention) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                "Cannot read stream "
                        + stream
                        + " on "
                        + servers
                        + ", because its retention is '"
                        + retention
                        + "': messages that were handed out are deleted, so a restart could not"
                        + " read them again. Please set 'scan.durable-consumer' to read it by"
                        + " acknowledging.",
                null);
    }

    /** Failures of reading through a durable consumer. */
    public DurableFailures durable(String stream, String consumer) {
        return new DurableFailures(servers, stream, consumer);
    }

    /** What the job should read next is gone; the way is how it would go on. */
    public NatsFailure dataLoss(String stream, String filters, String what, String way) {
        return new NatsFailure(
                FailureKind.DATA_LOSS,
                false,
                "Cannot go on reading stream "
                        + stream
                        + " ("
                        + filters
                        + ") on "
                        + servers
                        + ", because "
                        + what
                        + ". To accept the loss and "
                        + way
                        + ", set 'scan.on-data-loss' = 'continue'; to start anew, start the job"
                        + " without the old state and choose with 'scan.startup.mode'.",
                null);
    }

    /** The server stayed away, or kept failing, for too long. */
    public NatsFailure outage(
            String stream,
            long position,
            Duration limit,
            String reason,
            @Nullable Throwable cause) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                "Cannot go on reading stream "
                        + stream
                        + " on "
                        + servers
                        + " at sequence "
                        + position
                        + ", because for "
                        + seconds(limit)
                        + " nothing could be read: "
                        + reason
                        + ". Flink's restart strategy decides what comes next; to wait longer,"
                        + " raise 'nats.outage-timeout'.",
                cause);
    }

    /** The server refuses what reading needs. */
    public NatsFailure readRefused(String stream, long position, String reason) {
        return new NatsFailure(
                FailureKind.REFUSED,
                false,
                String.format(
                                "Cannot read stream %s on %s at sequence %d, because the server says: %s",
                                stream, servers, position, reason)
                        + ". If it names a limit, lower 'scan.fetch.max-messages' or"
                        + " 'scan.fetch.max-bytes'.",
                null);
    }

    /** A message that the format cannot read. */
    public static NatsFailure undecodable(
            String stream, long sequence, String subject, Throwable cause) {
        return new NatsFailure(
                FailureKind.BAD_RECORD,
                false,
                "Cannot decode the message with sequence "
                        + sequence
                        + " and subject "
                        + subject
                        + " of stream "
                        + stream
                        + ", because "
                        + reason(cause)
                        + ". Please check 'format' and the table's columns, or set"
                        + " 'scan.on-error' to pass over such messages.",
                cause);
    }

    /** A record that cannot be a message. */
    public static NatsFailure unwritable(Throwable cause) {
        return new NatsFailure(
                FailureKind.BAD_RECORD,
                false,
                "Cannot write a record, because " + lowerFirst(reason(cause)) + ".",
                cause);
    }

    /** Only of a plain word: names and quotes stay as they are. */
    private static String lowerFirst(String text) {
        return text.matches("(?s)(The|Column|A) .*")
                ? Character.toLowerCase(text.charAt(0)) + text.substring(1)
                : text;
    }

    /** Bad records would be read again, found bad again, and so on. */
    public NatsFailure deadLetterLoop(String subject, String stream) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                "Cannot send bad records to subject "
                        + subject
                        + " on "
                        + servers
                        + ", because it belongs to stream "
                        + stream
                        + ", of which all subjects are read: they would come back for ever. Please"
                        + " set 'scan.dead-letter.subject' to a subject of another stream, or read"
                        + " fewer subjects with 'nats.subject'.",
                null);
    }

    /**
     * What an exception and the one at its bottom say, without secrets, without a full stop, and
     * not at any length: formats like to quote the whole payload.
     */
    public static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String outer = shortened(text(cause));
        String inner = shortened(text(root));
        return outer.contains(inner) ? outer : outer + ": " + inner;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    private String cannot(ApiCall call) {
        return "Cannot " + call.purpose() + " on " + servers + ", ";
    }

    /** What an exception says, without secrets and without a full stop. */
    static String text(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return "it did not answer in time";
        }
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return "the host name is unknown: " + cause.getMessage();
        }
        String message = cause.getMessage();
        String text = message == null || message.isBlank() ? cause.toString() : message;
        String trimmed = text.trim();
        return Printable.of(
                ServerList.mask(
                        trimmed.endsWith(".")
                                ? trimmed.substring(0, trimmed.length() - 1)
                                : trimmed));
    }

    static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}

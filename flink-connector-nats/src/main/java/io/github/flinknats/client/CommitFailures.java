// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.time.Duration;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** The part of {@link Failures} that tells why a checkpoint's messages cannot be committed. */
@Internal
public final class CommitFailures {
    private static final String WAY_OUT =
            " Please look which messages the stream has, and start the job without the old state"
                    + " of this sink, or with 'sink.delivery-guarantee' = 'at-least-once' and"
                    + " allowing state that is not restored.";

    private final String servers;
    private final PublishFailures publishing;

    private CommitFailures(String servers, PublishFailures publishing) {
        this.servers = servers;
        this.publishing = publishing;
    }

    public static CommitFailures at(ConnectionSettings settings) {
        return new CommitFailures(
                settings.servers().toString(),
                Failures.at(settings).publishing("publish to", "sink.subject"));
    }

    /** Failures of single messages. */
    public PublishFailures publishing() {
        return publishing;
    }

    /** The stream is another one of the same name. */
    public NatsFailure recreated(String stream) {
        return undecidable(stream, "the stream was deleted and made again since");
    }

    /** The stream lost messages from its end: a backup was restored, or a disk was lost. */
    public NatsFailure setBack(String stream, long before, long last) {
        return undecidable(
                stream,
                "the stream ends at sequence "
                        + last
                        + ", and ended at "
                        + before
                        + " before: it was set back");
    }

    /** Some messages are not there, and others were removed. */
    public NatsFailure purged(String stream, long before, int missing) {
        return undecidable(
                stream,
                missing
                        + " of its messages are not in the stream, and messages behind sequence "
                        + before
                        + " were removed from it (purged, expired, or deleted): they may have been"
                        + " among those");
    }

    /** A stream that deletes what is consumed may have forgotten what it took. */
    public NatsFailure forgotten(String stream, long before, Duration window) {
        return undecidable(
                stream,
                "it has grown since sequence "
                        + before
                        + ", deletes what is consumed, and does not remember messages for longer"
                        + " than its 'duplicate_window' of "
                        + Failures.seconds(window));
    }

    private NatsFailure undecidable(String stream, String why) {
        return new NatsFailure(
                FailureKind.DATA_LOSS,
                false,
                "Cannot tell whether a checkpoint was committed to stream "
                        + stream
                        + " on "
                        + servers
                        + ", because "
                        + why
                        + "."
                        + WAY_OUT,
                null);
    }

    /** The commit did not come to an end for too long. */
    public NatsFailure outage(
            String stream, Duration limit, String reason, @Nullable Throwable cause) {
        return unfinished(
                stream,
                "for "
                        + Failures.seconds(limit)
                        + " nothing went on: "
                        + PublishFailures.withoutStop(reason)
                        + ". Flink's restart strategy decides what comes next; to wait longer,"
                        + " raise 'nats.outage-timeout'.",
                cause);
    }

    /** No answer came in time. */
    public NatsFailure silent(String stream, Duration limit) {
        return unfinished(
                stream,
                "it did not answer within "
                        + Failures.seconds(limit)
                        + ". If it is only slow, raise 'nats.request-timeout'.",
                null);
    }

    /** The connection broke. */
    public NatsFailure interrupted(String stream, Throwable cause) {
        return unfinished(stream, PublishFailures.withoutStop(Failures.text(cause)) + ".", cause);
    }

    private NatsFailure unfinished(String stream, String why, @Nullable Throwable cause) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                "Cannot commit to stream " + stream + " on " + servers + ", because " + why,
                cause);
    }

    /** The streams that the messages go to cannot be looked up. */
    public NatsFailure unprepared(Duration limit, String reason, @Nullable Throwable cause) {
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                "Cannot look up the streams to write to on "
                        + servers
                        + ", because for "
                        + Failures.seconds(limit)
                        + " this failed: "
                        + PublishFailures.withoutStop(reason)
                        + ". Flink's restart strategy decides what comes next; to wait longer,"
                        + " raise 'nats.outage-timeout'.",
                cause);
    }

    /** A checkpoint's messages take more than can be kept. */
    public static NatsFailure tooMuch(long bytes, long limit) {
        return new NatsFailure(
                FailureKind.REFUSED,
                false,
                "Cannot keep the messages of one checkpoint, because they take "
                        + (bytes >> 20)
                        + " MiB in one subtask, and "
                        + (limit >> 20)
                        + " MiB is the most: exactly once, they are kept until the checkpoint is"
                        + " complete. Please make checkpoints more often, raise"
                        + " 'sink.parallelism', or set 'sink.delivery-guarantee' to"
                        + " 'at-least-once'.",
                null);
    }

    /** A message is larger than its stream or the server allows. */
    public NatsFailure tooLarge(String subject, long bytes, long limit, String option) {
        return new NatsFailure(
                FailureKind.REFUSED,
                false,
                "Cannot publish to subject "
                        + subject
                        + " on "
                        + servers
                        + ", because the message has "
                        + bytes
                        + " bytes with its headers, and "
                        + limit
                        + " is the most. Please raise '"
                        + option
                        + "'.",
                null);
    }

    /** Another job writes with the same sink id. */
    public NatsFailure claimed(String sinkId, String job) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                "Cannot write with 'sink.id' = '"
                        + sinkId
                        + "' on "
                        + servers
                        + ", because job "
                        + job
                        + " is writing with it now. Please stop that job, or set 'sink.id' to"
                        + " another name.",
                null);
    }
}

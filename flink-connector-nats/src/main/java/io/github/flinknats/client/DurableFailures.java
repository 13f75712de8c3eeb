// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.util.List;
import org.apache.flink.annotation.Internal;

/** The part of {@link Failures} that is about reading through a durable consumer. */
@Internal
public final class DurableFailures {
    private final String servers;
    private final String stream;
    private final String consumer;

    DurableFailures(String servers, String stream, String consumer) {
        this.servers = servers;
        this.stream = stream;
        this.consumer = consumer;
    }

    /** There is no such consumer, and none is to be made. */
    public NatsFailure missing() {
        return new NatsFailure(
                FailureKind.MISSING,
                false,
                cannotRead()
                        + "because there is no such consumer. Please create it, or set"
                        + " 'scan.durable-consumer.create' to 'true', or correct"
                        + " 'scan.durable-consumer'.",
                null);
    }

    /** The consumer's configuration does not allow it. */
    public NatsFailure incompatible(List<String> faults) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                cannotRead()
                        + "because "
                        + String.join("; ", faults)
                        + ". Please change the consumer, or name another one with"
                        + " 'scan.durable-consumer'.",
                null);
    }

    /** The consumer that the job has been reading through is not there any more. */
    public NatsFailure gone(String what) {
        return new NatsFailure(
                FailureKind.DATA_LOSS,
                false,
                "Cannot go on reading stream "
                        + stream
                        + " on "
                        + servers
                        + " through durable consumer "
                        + consumer
                        + ", because "
                        + what
                        + ", and with it the knowledge of what was acknowledged. To accept that,"
                        + " start the job without the old state.",
                null);
    }

    /** The stream is not the one, or not as far, as it was when it was read. */
    public NatsFailure otherStream(String what) {
        return new NatsFailure(
                FailureKind.DATA_LOSS,
                false,
                "Cannot go on reading stream "
                        + stream
                        + " on "
                        + servers
                        + " through durable consumer "
                        + consumer
                        + ", because "
                        + what
                        + ". To accept the loss, start the job without the old state.",
                null);
    }

    /** The state belongs to another way of reading. */
    public NatsFailure otherState(String state) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                cannotRead()
                        + "because the state to restore is that of "
                        + state
                        + ". Please set 'scan.durable-consumer' as it was when the state was"
                        + " written, or start the job without the old state.",
                null);
    }

    private String cannotRead() {
        return "Cannot read stream "
                + stream
                + " on "
                + servers
                + " through durable consumer "
                + consumer
                + ", ";
    }
}

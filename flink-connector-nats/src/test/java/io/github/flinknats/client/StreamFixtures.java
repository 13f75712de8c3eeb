// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** Streams and failures as a server would report them, for tests of other rooms. */
public final class StreamFixtures {
    /** The name of all streams made here. */
    public static final String NAME = "ORDERS";

    private static final Instant FIRST_MADE = Instant.parse("2026-01-01T00:00:00Z");

    private StreamFixtures() {}

    /**
     * The stream as it was made for the n-th time.
     *
     * @param generation 1 for the first time
     */
    public static StreamIdentity identity(int generation) {
        return StreamIdentity.of(NAME, FIRST_MADE.plus(Duration.ofDays(generation - 1)));
    }

    /** A stream of the first generation that keeps what is sent to it. */
    public static StreamFacts facts(long first, long last) {
        return facts(1, first, last, false);
    }

    public static StreamFacts facts(
            int generation, long first, long last, boolean limitedPerSubject) {
        StreamShape shape =
                StreamShape.of(Arrays.asList("orders.>"), "limits", false, limitedPerSubject);
        return StreamFacts.of(identity(generation), first, last, shape);
    }

    /** A stream that listens to these subjects, and perhaps to other streams. */
    public static StreamFacts listeningTo(boolean fedByStreams, String... subjects) {
        StreamShape shape = StreamShape.of(Arrays.asList(subjects), "limits", fedByStreams, false);
        return StreamFacts.of(identity(1), 1, 1, shape);
    }

    /** Failures of committing to any server. */
    public static CommitFailures committing() {
        return CommitFailures.at(ConnectionSettings.of("host:4222"));
    }

    /** A stream of a retention that is written to. */
    public static StreamFacts writtenTo(int generation, long first, long last, String retention) {
        return StreamFacts.of(
                identity(generation),
                first,
                last,
                StreamShape.of(Arrays.asList("s.>"), retention, false, false));
    }

    /** What a request fails with when the server may answer the next one. */
    public static NatsFailure unavailable(String text) {
        return new NatsFailure(FailureKind.UNAVAILABLE, true, text, null);
    }

    /** What a request fails with when asking again would not help. */
    public static NatsFailure refused(String text) {
        return new NatsFailure(FailureKind.REFUSED, false, text, null);
    }

    /** What a request fails with when there is no such stream. */
    public static NatsFailure missing() {
        return new NatsFailure(FailureKind.MISSING, false, "stream not found", null);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.source.config.DataLossPolicy;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.LastRead;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The lot of one simulated run: what is read, with which limits, and how badly things go. */
final class Scenario {
    private static final long CALM_PATIENCE = 75_000;

    private final SplittableRandom random;

    private final int match;
    private final long largest;
    private final boolean before211;
    private final boolean perSubject;
    private ReadSettings limits;
    private final Timeouts timeouts;
    private final long calmFrom;

    private final double messageLoss;
    private final double pullLoss;
    private final double statusLoss;
    private final double requestTrouble;
    private final boolean slowAnswers;
    private final int faultEvery;
    private final boolean grows;
    private final boolean losesData;
    private long start;
    private long stop = SequenceRange.UNBOUNDED;
    private boolean calm;

    Scenario(SplittableRandom random) {
        this.random = random;
        match = oneOf(1, 2, 5, 50);
        before211 = random.nextInt(4) == 0;
        perSubject = random.nextInt(4) == 0;
        limits =
                ReadSettings.defaults()
                        .withMaxMessages(oneOf(1, 2, 3, 8, 20, 100))
                        .withMaxBytes(oneOf(1024, 8 << 10, 64 << 10, 200_000, 1 << 20));
        largest = oneOf(200, 1_000, 5_000, 100_000);
        timeouts =
                Timeouts.defaults()
                        .withOutage(Duration.ofSeconds(oneOf(5, 20, 60, 600, 600)))
                        .withRequest(Duration.ofSeconds(oneOf(1, 3, 10)));
        calmFrom = 10_000 + random.nextLong(60_000);
        messageLoss = oneOf(0, 0, 1, 5, 20) / 200.0;
        pullLoss = oneOf(0, 0, 1, 5, 30) / 200.0;
        statusLoss = oneOf(0, 0, 1, 5, 30) / 200.0;
        requestTrouble = oneOf(0, 0, 5, 20, 50) / 200.0;
        slowAnswers = random.nextInt(3) == 0;
        faultEvery = oneOf(1_000, 5_000, 20_000, 100_000);
        grows = random.nextInt(8) > 0;
        losesData = random.nextInt(3) == 0;
        if (random.nextBoolean()) {
            limits = limits.withOnDataLoss(DataLossPolicy.CONTINUE);
        }
    }

    private int oneOf(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    // ------------------------------------------------------------------ what is read

    ModelStream stream() {
        ModelStream stream = new ModelStream(oneOf(0, 0, 0, 40));
        int messages = oneOf(0, 1, 5, 50, 150);
        for (int i = 0; i < messages; i++) {
            stream.add(matches(), messageBytes());
        }
        return stream;
    }

    NatsSplit split(ModelStream stream) {
        int choice = random.nextInt(4);
        long last = stream.last();
        start = choice == 0 ? stream.first() : 1 + random.nextLong(last + 1);
        if (choice == 3) {
            start = last + 1 + random.nextLong(20);
        }
        if (random.nextBoolean()) {
            stop = Math.max(start - 1, 1 + random.nextLong(last + 60));
        }
        NatsSplit split =
                NatsSplit.of(
                        StreamFixtures.identity(1),
                        match == 1 ? List.of() : List.of("orders.x"),
                        SequenceRange.of(start, stop));
        boolean readBefore = start > 1 && start >= stream.first() && start <= last + 1;
        return readBefore && random.nextBoolean()
                ? split.readUpTo(start, LastRead.of(start - 1, stream.stamp(start - 1)))
                : split;
    }

    ReadSettings limits() {
        return limits;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** Most streams get to the end of the read, or to its start, before the run ends. */
    boolean mustGrow(ModelStream stream, SequenceRange range) {
        return grows && stream.last() < (range.isBounded() ? range.stop() : range.next());
    }

    /** Whether messages are lost before they are read, and streams become others. */
    boolean losesData() {
        return losesData;
    }

    /**
     * Whether every loss is noticed: not where other messages come in between, nor where the server
     * does not have what it was asked for.
     */
    boolean noticesEveryLoss() {
        return match == 1 && !perSubject && pullLoss == 0 && statusLoss == 0;
    }

    long anywhere(long last) {
        return random.nextLong(last + 1);
    }

    boolean isBefore211() {
        return before211;
    }

    boolean isPerSubject() {
        return perSubject;
    }

    boolean matches() {
        return random.nextInt(match) == 0;
    }

    long messageBytes() {
        return 60 + random.nextLong(random.nextInt(10) == 0 ? largest : 200);
    }

    int burst() {
        return oneOf(0, 1, 1, 2, 10, 30);
    }

    long betweenBursts() {
        return random.nextLong(random.nextInt(10) == 0 ? 30_000 : 2_000);
    }

    // ------------------------------------------------------------------ how badly it goes

    long calmFrom() {
        return calmFrom;
    }

    void calmDown() {
        calm = true;
    }

    boolean isCalm() {
        return calm;
    }

    /** After which time of calm all must be done, whatever was lost before. */
    long patience(CursorSettings settings) {
        return settings.pullLife() + 2 * settings.requestTimeout() + CALM_PATIENCE;
    }

    boolean losesMessage() {
        return happens(messageLoss);
    }

    boolean losesPull() {
        return happens(pullLoss);
    }

    boolean losesStatus() {
        return happens(statusLoss);
    }

    boolean losesRequest() {
        return happens(requestTrouble);
    }

    boolean refusesRequest() {
        return happens(requestTrouble);
    }

    private boolean happens(double probability) {
        return !calm && random.nextDouble() < probability;
    }

    /** Answers come on another way than messages: they may overtake or be overtaken. */
    long slowestAnswer(CursorSettings settings) {
        return slowAnswers && !calm ? settings.requestTimeout() : 40;
    }

    long downtime() {
        return calm ? 500 : random.nextLong(3_000);
    }

    long stall() {
        return random.nextLong(random.nextInt(4) == 0 ? 40_000 : 3_000);
    }

    long betweenFaults() {
        return 1 + random.nextLong(2L * faultEvery);
    }

    Fault nextFault() {
        Fault[] all = Fault.values();
        return all[random.nextInt(all.length)];
    }

    /** How far messages expire: seldom beyond the position, unless gaps are normal. */
    long expiry(long position, ModelStream stream) {
        long furthest = perSubject || losesData ? stream.last() + 1 : position;
        return furthest <= stream.first()
                ? stream.first()
                : stream.first() + random.nextLong(furthest - stream.first() + 1);
    }

    /** Messages that somebody deletes, but not the first ones unread, as that is data loss. */
    List<Long> deletions(long position, ModelStream stream) {
        List<Long> deletions = new ArrayList<>();
        long from = perSubject ? stream.first() : Math.max(position + 1, stream.first() + 1);
        for (int i = 0; i < 5; i++) {
            if (from <= stream.last()) {
                deletions.add(from + random.nextLong(stream.last() - from + 1));
            }
        }
        if (random.nextInt(4) == 0 && stream.last() > from) {
            deletions.add(stream.last());
        }
        return deletions;
    }

    @Override
    public String toString() {
        return String.format(
                "%s..%s, match 1/%s, limits %s, %s, calm from %s, loses messages %.3f, pulls %.3f, status %.3f,"
                        + " requests %.3f, %s%s",
                start,
                stop == SequenceRange.UNBOUNDED ? "" : stop,
                match,
                limits,
                timeouts,
                calmFrom,
                messageLoss,
                pullLoss,
                statusLoss,
                requestTrouble,
                before211 ? "before 2.11" : "since 2.11",
                perSubject ? ", limited per subject" : "");
    }

    /** What breaks. */
    enum Fault {
        DISCONNECT,
        SHUTDOWN,
        KILL,
        SILENCE,
        DELETE_CONSUMER,
        LEADER_CHANGE,
        VANISH,
        MAKE_AGAIN,
        EXPIRE,
        PURGE,
        MAKE_STREAM_AGAIN,
        SET_BACK,
        DELETE_MESSAGES,
        STALL,
        NONE
    }
}

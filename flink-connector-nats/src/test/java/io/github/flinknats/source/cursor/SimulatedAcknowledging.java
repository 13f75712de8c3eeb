// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.ConsumerFacts;
import io.github.flinknats.client.DeliveryLimits;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.AckLedger;
import io.github.flinknats.source.split.DurableProgress;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One run of a job that reads through a durable consumer: {@link DurableCursor} and {@link
 * AckLedger} against a {@link ModelDurable}, while messages and acknowledgements get lost,
 * connections break, the server and the job crash, checkpoints fail and the pipeline is blocked.
 *
 * <p>What it holds them to: no message is in the job's result twice, at any time; and once all is
 * calm, each is in it and is acknowledged.
 */
final class SimulatedAcknowledging {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final long BYTES = 100;
    private static final long CALM = 200_000;
    private static final long END = 5_000_000;

    private final SplittableRandom random;
    private final ModelDurable server;
    private final ReadSettings limits;
    private final double loss;
    private final int faultEvery;

    private long now;
    private DurableCursor cursor;
    private AckLedger ledger;
    private boolean connected;
    private int request;
    private final ArrayDeque<Long> held = new ArrayDeque<>();
    private final List<Long> result = new ArrayList<>();

    private DurableProgress durable = DurableProgress.none("d", CREATED);
    private int durableResult;
    private long checkpoint;
    private long running;
    private DurableProgress taken = durable;
    private int takenResult;
    private long blockedUntil;

    private int crashes;
    private int dropped;

    SimulatedAcknowledging(long seed) {
        random = new SplittableRandom(seed);
        server =
                new ModelDurable(
                        oneOf(1_000, 3_000, 30_000, 60_000), oneOf(10, 50, 200, Integer.MAX_VALUE));
        limits = ReadSettings.defaults().withMaxMessages(oneOf(4, 10, 20, 100));
        loss = oneOf(0, 0, 1, 5, 20) / 100.0;
        faultEvery = oneOf(1_000, 5_000, 30_000);
        start();
    }

    private int oneOf(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    int crashes() {
        return crashes;
    }

    int dropped() {
        return dropped;
    }

    int results() {
        return result.size();
    }

    private void start() {
        NatsSplit split =
                NatsSplit.durable(StreamFixtures.identity(1), Collections.emptyList(), durable);
        Failures failures = Failures.at(ConnectionSettings.of("nats.example.com:4222"));
        cursor =
                new DurableCursor(
                        split,
                        CursorSettings.of(
                                limits, Timeouts.defaults().withOutage(Duration.ofHours(1))),
                        new CursorFailures(failures, split),
                        failures.durable("ORDERS", "d"));
        ledger = new AckLedger(durable);
        connected = false;
        held.clear();
        running = 0;
        blockedUntil = 0;
    }

    void run() {
        while (now < END && !(now > CALM && server.isDrained())) {
            now += 1 + random.nextInt(200);
            if (now < CALM) {
                server.publish(random.nextInt(4) == 0 ? random.nextInt(20) : 0);
                faults();
            }
            if (!connected && random.nextInt(5) == 0) {
                connected = true;
                cursor.onConnected(now);
            }
            receive();
            obey();
            work();
            checkpoints();
        }
        check();
        if (!server.isDrained()) {
            throw new AssertionError("not everything was acknowledged: " + cursor);
        }
        Set<Long> missing = new HashSet<>();
        for (long sequence = 1; sequence <= server.last(); sequence++) {
            missing.add(sequence);
        }
        missing.removeAll(result);
        if (!missing.isEmpty()) {
            throw new AssertionError("lost: " + missing);
        }
    }

    private boolean isLost() {
        return now < CALM && random.nextDouble() < loss;
    }

    // ------------------------------------------------------------------ the server

    private void receive() {
        for (ModelDurable.Sent sent : server.tick(now)) {
            if (!connected || isLost()) {
                continue;
            }
            if (sent.isMessage()) {
                if (cursor.accept(sent.sequence, sent.consumerSequence, BYTES, now)) {
                    held.add(sent.sequence);
                } else {
                    dropped++;
                }
            } else if (sent.pull > 0) {
                cursor.onStatus(PullStatus.of(408, "", sent.pull, sent.consumerSequence, 0), now);
            } else {
                cursor.onHeartbeat(now);
            }
        }
    }

    private void obey() {
        for (DurableCommand next = cursor.poll(now); next != null; next = cursor.poll(now)) {
            switch (next.kind()) {
                case INSPECT:
                    request = next.number();
                    inspect();
                    break;
                case PULL:
                    if (!isLost()) {
                        server.pull(next.pull().number(), next.pull().messages(), now);
                    }
                    break;
                case ACKNOWLEDGE:
                    if (!isLost()) {
                        server.acknowledge(next.sequence());
                        if (!isLost() && cursor.onConfirmed(next.sequence())) {
                            ledger.confirmed(next.sequence());
                        }
                    }
                    break;
                case PROGRESS:
                    if (!isLost()) {
                        server.progress(next.sequence(), now);
                    }
                    break;
                case WARN:
                    break;
                case FAIL:
                    throw new AssertionError("gave up: " + next.failure().sentence());
            }
        }
    }

    private void inspect() {
        if (isLost()) {
            cursor.onRequestFailed(request, StreamFixtures.unavailable("lost"), now);
            return;
        }
        int most = server.maxAckPending();
        cursor.onInspected(
                request,
                StreamFixtures.facts(1, server.last()),
                ConsumerFacts.of(
                        CREATED,
                        Collections.emptyList(),
                        DeliveryLimits.of(Duration.ofMillis(server.ackWait()), most, -1),
                        Collections.emptyList()),
                now);
    }

    // ------------------------------------------------------------------ the job

    private void work() {
        if (now < blockedUntil) {
            return;
        }
        int batch = random.nextInt(held.size() + 1);
        for (int i = 0; i < batch; i++) {
            long sequence = held.remove();
            ledger.emitted(sequence);
            result.add(sequence);
        }
        cursor.onHandedOver(batch, batch * BYTES);
        if (random.nextInt(100) == 0 && now < CALM) {
            blockedUntil = now + random.nextInt(100_000);
        }
    }

    private void checkpoints() {
        if (running == 0 && random.nextInt(10) == 0 && now >= blockedUntil) {
            running = ++checkpoint;
            taken = ledger.progress();
            takenResult = result.size();
            ledger.sealed(running);
            check();
        } else if (running > 0 && random.nextInt(4) == 0) {
            if (now > CALM || random.nextInt(4) > 0) {
                durable = taken;
                durableResult = takenResult;
                SequenceSet released = ledger.completed(running);
                cursor.release(released);
            }
            running = 0; // or it failed, and the next one holds what it held
        }
    }

    private void faults() {
        if (random.nextInt(faultEvery) >= 100) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0:
                disconnect();
                return;
            case 1:
                disconnect();
                server.crash(now);
                return;
            case 2:
                crashes++;
                if (random.nextBoolean()) {
                    server.dropPulls();
                    cursor.unreleased().keySet().forEach(server::giveBack);
                }
                restore();
                return;
            default:
                crashes++;
                server.crash(now);
                restore();
        }
    }

    private void disconnect() {
        if (connected) {
            connected = false;
            server.dropPulls();
            cursor.onDisconnected("the connection broke", null, now);
        }
    }

    private void restore() {
        server.dropPulls();
        result.subList(durableResult, result.size()).clear();
        start();
    }

    private void check() {
        if (new HashSet<>(result).size() != result.size()) {
            throw new AssertionError("twice in the result: " + result);
        }
    }
}

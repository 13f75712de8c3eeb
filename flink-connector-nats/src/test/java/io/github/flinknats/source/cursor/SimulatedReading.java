// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.StreamFacts;
import io.github.flinknats.client.StreamFixtures;
import io.github.flinknats.source.split.LastRead;
import io.github.flinknats.source.split.NatsSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A cursor and its shell against a simulated server, over a network that fails. Everything follows
 * from the seed. First come the faults, then a calm in which all must come to its end.
 *
 * <p>Two things are taken for granted, because the shell and the client grant them: what arrives
 * for an earlier consumer is dropped by its subscription, and a request is answered or fails within
 * the request timeout unless the connection breaks.
 */
final class SimulatedReading implements ModelConsumer.Wire {
    private final Scenario scenario;
    private final SplittableRandom random;
    private final ModelStream stream;
    private final ModelNetwork network;
    private final ReadingPromises promises;
    private final PullCursor cursor;
    private final CursorSettings settings;

    private final Map<Integer, ModelConsumer> consumers = new HashMap<>();
    private final ArrayDeque<Long> held = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private boolean logging;

    /** Of the consumer that the shell listens to, 0 for none. */
    private int current;

    private boolean opened;
    private long stalledUntil;
    private CursorCommand lastWord;
    private int opens;

    SimulatedReading(long seed) {
        random = new SplittableRandom(seed);
        scenario = new Scenario(random.split());
        stream = scenario.stream();
        network = new ModelNetwork(random.split());
        NatsSplit split = scenario.split(stream);
        settings = CursorSettings.of(scenario.limits(), scenario.timeouts());
        Failures failures = Failures.at(ConnectionSettings.of("localhost:4222"));
        cursor = new PullCursor(split, settings, new CursorFailures(failures, split));
        promises = new ReadingPromises(stream, split.range(), settings, scenario);
    }

    /** Keeps what happens, for a run that is known to fail. */
    SimulatedReading logging() {
        logging = true;
        return this;
    }

    List<String> log() {
        return log;
    }

    int delivered() {
        return promises.delivered();
    }

    int opens() {
        return opens;
    }

    boolean gaveUp() {
        return lastWord != null && lastWord.kind() == CursorCommand.Kind.FAIL;
    }

    boolean ended() {
        return lastWord != null && lastWord.kind() == CursorCommand.Kind.END;
    }

    // ------------------------------------------------------------------ the course of a run

    void run() {
        happens(scenario.toString(), () -> {});
        network.in(0, this::connect);
        tick();
        heartbeats();
        publish();
        trouble();
        runUntil(scenario.calmFrom());

        scenario.calmDown();
        stalledUntil = 0;
        while (scenario.mustGrow(stream, promises.range())) {
            publishOne(scenario.matches(), scenario.messageBytes());
        }
        runUntil(scenario.calmFrom() + scenario.patience(settings));
        if (lastWord == null) {
            promises.complete();
            require(
                    stream.last() < promises.range().stop(),
                    "the read has not ended, the cursor is " + cursor + ", " + cursor.trouble());
            require(
                    stream.last() < promises.range().next() || cursor.next() == stream.last() + 1,
                    "an idle cursor passes over what is unwanted, but stands at " + cursor.next());
            standAhead();
        }
    }

    /** The consumer stands beyond the stream's end: noticed when idle, before anything is lost. */
    private void standAhead() {
        ModelConsumer consumer = consumers.get(current);
        if (promises.range().isBounded() || stream.last() < promises.range().next()) {
            return;
        }
        happens("the consumer jumps ahead", () -> consumer.jumpAhead(1 + random.nextLong(50)));
        runUntil(network.now() + 75_000);
        for (int i = 0; i < 5; i++) {
            publishOne(true, 100);
        }
        runUntil(network.now() + 20_000);
        promises.complete();
        require(cursor.next() == stream.last() + 1, "reads what was stored after the jump");
    }

    private void runUntil(long time) {
        while (lastWord == null && network.step(time)) {
            // An event has happened.
        }
    }

    private void happens(String what, Runnable event) {
        if (logging) {
            log.add(network.now() + "  " + what);
        }
        event.run();
        for (CursorCommand command = cursor.poll(network.now());
                command != null;
                command = cursor.poll(network.now())) {
            if (logging) {
                log.add(network.now() + "      -> " + command);
            }
            promises.commands(cursor, command, network.now());
            obey(command);
        }
        if (opened && !promises.anyPull()) {
            promises.owesNothing(network.now());
        }
        promises.check(cursor);
    }

    // ------------------------------------------------------------------ the shell

    private void obey(CursorCommand command) {
        switch (command.kind()) {
            case INSPECT:
                request(command.number(), answer -> inspect(answer, command.known()));
                return;
            case LOST:
                promises.loses(command.loss());
                return;
            case SNAPSHOT:
                throw new IllegalStateException("Not asked for");
            case OPEN:
                drop();
                opens++;
                current = command.number();
                request(command.number(), answer -> open(answer, command.sequence()));
                return;
            case PULL:
                pull(command);
                return;
            case SKIP:
                require(command.sequence() == cursor.next(), "skips to its position");
                return;
            case END:
            case FAIL:
                lastWord = command;
                require(cursor.poll(network.now() + 100_000) == null, "the last word is the last");
                return;
        }
        throw new IllegalStateException("Unknown command " + command);
    }

    private void drop() {
        ModelConsumer old = consumers.get(current);
        current = 0;
        opened = false;
        if (old != null) {
            network.send("requests", 20, () -> forget(old));
        }
    }

    private void forget(ModelConsumer consumer) {
        consumer.vanish();
        consumers.remove(consumer.id());
    }

    private void connect() {
        network.connect();
        happens("connected", () -> cursor.onConnected(network.now()));
    }

    private void disconnect() {
        if (network.isConnected()) {
            network.disconnect();
            drop();
            promises.disconnected();
            happens(
                    "disconnected",
                    () -> cursor.onDisconnected("the connection broke", null, network.now()));
            network.in(scenario.downtime(), this::connect);
        }
    }

    private void tick() {
        if (network.now() >= stalledUntil && (scenario.isCalm() || random.nextInt(3) > 0)) {
            handOver(scenario.isCalm() ? held.size() : random.nextInt(held.size() + 1));
        }
        happens("tick", () -> {});
        network.in(scenario.isCalm() ? 100 : 20 + random.nextInt(180), this::tick);
    }

    private void handOver(int messages) {
        long bytes = 0;
        for (int i = 0; i < messages; i++) {
            bytes += held.remove();
        }
        if (messages > 0) {
            promises.handedOver(messages, bytes);
            cursor.onHandedOver(messages, bytes);
        }
    }

    // ------------------------------------------------------------------ requests

    private void request(int number, Consumer<Answer> arrival) {
        Answer answer = new Answer(number);
        network.in(settings.requestTimeout(), () -> answer.fail("no answer in time"));
        if (scenario.losesRequest()) {
            return;
        }
        network.send(
                "requests",
                20,
                () -> {
                    if (scenario.refusesRequest()) {
                        answer.comes(() -> answer.fail("the leader is being elected"));
                    } else {
                        arrival.accept(answer);
                    }
                });
    }

    private void inspect(Answer answer, LastRead known) {
        StreamFacts facts =
                StreamFixtures.facts(
                        stream.generation(),
                        stream.first(),
                        stream.last(),
                        scenario.isPerSubject());
        Inspection inspection =
                isTheSame(known)
                        ? Inspection.of(facts)
                        : Inspection.diverged(facts, stream.firstAfter(known.timestampNanos()));
        int epoch = stream.epoch();
        String what = "stream " + facts.firstSequence() + ".." + facts.lastSequence();
        answer.comes(
                () ->
                        answer.with(
                                what,
                                () -> {
                                    promises.seen(epoch);
                                    cursor.onStream(answer.number, inspection, network.now());
                                }));
    }

    private boolean isTheSame(LastRead known) {
        boolean older = stream.firstAfter(known.timestampNanos()) <= known.sequence();
        if (known.sequence() == 0 || !older) {
            return true;
        }
        return stream.last() >= known.sequence()
                && (stream.isDeleted(known.sequence())
                        || stream.stamp(known.sequence()) == known.timestampNanos());
    }

    private void open(Answer answer, long from) {
        long start = scenario.isBefore211() ? Math.min(from, stream.last() + 1) : from;
        ModelConsumer made = new ModelConsumer(answer.number, stream, start, this);
        consumers.put(made.id(), made);
        long waiting = made.pending();
        int generation = stream.generation();
        answer.comes(
                () -> answer.with("opened " + waiting, () -> onOpened(made, generation, waiting)));
    }

    private void onOpened(ModelConsumer made, int generation, long waiting) {
        cursor.onOpened(made.id(), StreamFixtures.identity(generation), waiting, network.now());
        opened = made.id() == current && cursor.trouble().isEmpty();
    }

    /** Reaches the cursor once: as an answer or as a failure. */
    private final class Answer {
        private final int number;
        private boolean done;

        Answer(int number) {
            this.number = number;
        }

        void comes(Runnable arrival) {
            network.send(new Object(), scenario.slowestAnswer(settings), arrival);
        }

        void with(String what, Runnable event) {
            if (!done) {
                done = true;
                promises.answered(number);
                happens(what + " to request " + number, event);
            }
        }

        void fail(String reason) {
            with(
                    "failure: " + reason,
                    () ->
                            cursor.onRequestFailed(
                                    number, StreamFixtures.unavailable(reason), network.now()));
        }
    }

    // ------------------------------------------------------------------ pulls, and what they bring

    private void pull(CursorCommand command) {
        int id = current;
        if (scenario.losesPull()) {
            return;
        }
        network.send(
                "requests",
                20,
                () -> {
                    ModelConsumer consumer = consumers.get(id);
                    ModelConsumer.Pull pull =
                            consumer.ask(
                                    command.number(),
                                    command.messages(),
                                    command.bytes(),
                                    network.now());
                    network.in(settings.pullLife(), () -> consumer.expire(pull));
                });
    }

    private void arrives(ModelConsumer from, boolean lost, String what, Runnable event) {
        if (lost) {
            happens("lost: " + what, () -> {});
            return;
        }
        network.send(
                from,
                20,
                () -> {
                    if (from.id() == current) {
                        happens(what, event);
                    }
                });
    }

    @Override
    public void message(ModelConsumer from, long sequence, long consumerSequence, long pending) {
        long bytes = stream.bytes(sequence);
        long stamp = stream.stamp(sequence);
        // Alike messages of a consumer that counts anew would fill the place of lost ones.
        boolean lost = !from.isMadeAgain() && scenario.losesMessage();
        arrives(
                from,
                lost,
                "msg " + sequence + '/' + consumerSequence + " pending " + pending,
                () -> {
                    promises.received(bytes);
                    boolean accepted =
                            cursor.accept(
                                    sequence,
                                    consumerSequence,
                                    stamp,
                                    pending,
                                    bytes,
                                    network.now());
                    if (accepted) {
                        held.add(bytes);
                        promises.delivers(sequence, stamp, bytes);
                    }
                    showsLife(accepted);
                });
    }

    @Override
    public void heartbeat(ModelConsumer from, long lastStream, long lastConsumer) {
        arrives(
                from,
                scenario.losesStatus(),
                "heartbeat " + lastStream + '/' + lastConsumer,
                () -> {
                    promises.begins();
                    cursor.onHeartbeat(lastStream, lastConsumer, network.now());
                    showsLife(false);
                });
    }

    private void showsLife(boolean accepted) {
        boolean trouble = !cursor.trouble().isEmpty();
        opened &= !trouble;
        if (accepted || !trouble) {
            promises.lives(network.now());
        }
    }

    @Override
    public void status(ModelConsumer from, PullStatus status) {
        arrives(
                from,
                scenario.losesStatus(),
                "status " + status.text() + " to pull " + status.pull(),
                () -> {
                    promises.ended(status);
                    opened &= status.meaning() != PullStatus.Meaning.GONE;
                    cursor.onStatus(status, network.now());
                });
    }

    // ------------------------------------------------------------------ the server's side of life

    private void publish() {
        for (int i = scenario.burst(); i > 0; i--) {
            publishOne(scenario.matches(), scenario.messageBytes());
        }
        network.in(scenario.betweenBursts(), this::publishUnlessCalm);
    }

    private void publishUnlessCalm() {
        if (!scenario.isCalm()) {
            publish();
        }
    }

    private void publishOne(boolean matches, long bytes) {
        stream.add(matches, bytes);
        consumers.values().forEach(consumer -> consumer.deliver(network.now()));
    }

    private void heartbeats() {
        long interval = settings.heartbeat();
        consumers.values().forEach(consumer -> consumer.tick(interval, network.now()));
        network.in(interval / 2, this::heartbeats);
    }

    private void trouble() {
        if (scenario.isCalm()) {
            return;
        }
        ModelConsumer consumer = consumers.get(current);
        if (consumer == null) {
            consumer = new ModelConsumer(0, stream, 1, this);
        }
        Scenario.Fault fault = scenario.nextFault();
        happens("fault: " + fault, () -> {});
        switch (fault) {
            case DISCONNECT:
                disconnect();
                break;
            case SHUTDOWN:
                consumers.values().forEach(c -> c.dieTelling(409, "Server Shutdown"));
                network.in(55, this::disconnect);
                break;
            case KILL:
                consumers.values().forEach(ModelConsumer::vanish);
                disconnect();
                break;
            case SILENCE:
                consumer.dieSilently();
                break;
            case DELETE_CONSUMER:
                consumer.dieTelling(409, "Consumer Deleted");
                break;
            case LEADER_CHANGE:
                consumer.dieTelling(409, "Leadership Change");
                break;
            case VANISH:
                consumer.vanish();
                break;
            case MAKE_AGAIN:
                consumer.makeAgain();
                break;
            case EXPIRE:
                promises.expires(scenario.expiry(cursor.next(), stream));
                break;
            case PURGE:
                if (scenario.losesData()) {
                    promises.expires(stream.last() + 1);
                }
                break;
            case MAKE_STREAM_AGAIN:
                if (scenario.losesData()) {
                    stream.makeAgain();
                    consumers.values().forEach(c -> c.dieTelling(409, "Consumer Deleted"));
                }
                break;
            case SET_BACK:
                setBack();
                break;
            case DELETE_MESSAGES:
                scenario.deletions(cursor.next(), stream).forEach(stream::delete);
                break;
            case STALL:
                stalledUntil = network.now() + scenario.stall();
                break;
            case NONE:
                break;
        }
        network.in(scenario.betweenFaults(), this::trouble);
    }

    /** The server dies before it has written everything to disk. */
    private void setBack() {
        long last = promises.lastDeliveredOf(stream.epoch());
        if (scenario.losesData() && last > 0) {
            consumers.values().forEach(ModelConsumer::vanish);
            disconnect();
            stream.setBack(scenario.anywhere(last - 1));
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("Broken promise: " + what);
        }
    }
}

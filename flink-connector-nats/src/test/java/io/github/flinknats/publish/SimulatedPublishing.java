// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import io.github.flinknats.client.Timeouts;
import io.github.flinknats.record.Headers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A window, a connection and a server that lose, refuse and delay as a seed wants, until {@code
 * calm}; then everything must end well. What a connection carries arrives in order; what it carried
 * when it broke may have been stored or not, and the client may send it on the next one.
 */
final class SimulatedPublishing {
    private static final int CALM = 20_000;
    private static final int LIMIT = 200_000;

    private final Random random;
    private final boolean withIds;
    private final int messages;
    private final int maxMessages;
    private final int subjects;
    private final PublishWindow window;

    private final ArrayDeque<long[]> toServer = new ArrayDeque<>();
    private final ArrayDeque<Answer> toClient = new ArrayDeque<>();
    private final List<Long> stored = new ArrayList<>();
    private final Set<Long> ids = new HashSet<>();
    private final List<String> log = new ArrayList<>();
    private boolean up;
    private long now;
    private int faults;
    private int sent;

    SimulatedPublishing(long seed) {
        random = new Random(seed);
        withIds = random.nextBoolean();
        messages = 1 + random.nextInt(120);
        // Of 16 and more, groups of messages share a reply subject.
        maxMessages = 1 + random.nextInt(random.nextBoolean() ? 12 : 80);
        subjects = 1 + random.nextInt(2);
        window =
                new PublishWindow(
                        PublishSettings.of(
                                maxMessages,
                                1 << 20,
                                Timeouts.defaults()
                                        .withRequest(Duration.ofSeconds(1))
                                        .withOutage(Duration.ofMinutes(10))),
                        PublishWindowScript.FAILURES);
    }

    void run() {
        while (window.storedUpTo() < messages) {
            // A window must fit through the connection several times before answers are missed.
            now += random.nextInt(maxMessages > 12 ? 4 : 30);
            if (now > LIMIT) {
                throw new AssertionError("stalled: " + window + ", stored " + stored);
            }
            step();
            check();
        }
        checkEnd();
    }

    private void step() {
        boolean calm = now > CALM;
        int dice = random.nextInt(100);
        if (!up) {
            if (calm || dice < 20) {
                up = true;
                if (random.nextInt(3) > 0) {
                    toServer.clear(); // Else the client sends what it had queued.
                }
                say("up");
                window.onUp(now);
            }
        } else if (!calm && dice < 2) {
            up = false;
            faults++;
            for (int kept = random.nextInt(toServer.size() + 1); kept > 0; kept--) {
                arrive(toServer.remove(), true);
            }
            if (random.nextBoolean()) {
                toClient.clear(); // Else answers of before come late.
            }
            say("down");
            window.onDown("cut", null, now);
        } else if (dice < 40 && !toServer.isEmpty()) {
            arrive(toServer.remove(), calm);
        } else if (dice < 80 && !toClient.isEmpty()) {
            answer(toClient.remove(), calm);
        }
        if (window.lastAdded() < messages && window.hasRoom() && random.nextInt(3) == 0) {
            byte number = (byte) (window.lastAdded() + 1);
            window.add(
                    new OutgoingMessage(
                            "s" + number % subjects, Headers.empty(), new byte[] {number}));
        }
        PublishWindow.InFlight message = window.poll(now);
        while (message != null) {
            byte number = message.message().payload()[0];
            say("send " + number + " as " + message.number() + "/" + message.attempt());
            sent++;
            toServer.add(new long[] {message.number(), message.attempt(), number});
            message = window.poll(now);
        }
    }

    private void arrive(long[] message, boolean calm) {
        int dice = calm ? 100 : random.nextInt(100);
        if (dice < 2) {
            faults++;
            say("lost " + message[2] + "/" + message[1]);
            return;
        }
        if (dice < 8) {
            faults++;
            say("refused " + message[2] + "/" + message[1]);
            toClient.add(new Answer(message, false));
            return;
        }
        if (ids.add(message[2]) || !withIds) {
            stored.add(message[2]);
        }
        toClient.add(new Answer(message, true));
    }

    private void answer(Answer answer, boolean calm) {
        if (!calm && random.nextInt(100) < 4) {
            faults++;
            say("no answer for " + answer.number + "/" + answer.attempt);
            return;
        }
        say((answer.good ? "stored " : "not ") + answer.number + "/" + answer.attempt);
        if (answer.good) {
            window.onStored(answer.number, answer.attempt, now);
        } else {
            window.onRefused(
                    answer.number,
                    answer.attempt,
                    PublishWindowScript.FAILURES.refused("s", 503, 10008, "not available"),
                    now);
        }
    }

    private void check() {
        if (window.failure() != null) {
            throw new AssertionError("gave up: " + window.failure());
        }
        long inFlight = window.lastAdded() - window.storedUpTo();
        if (inFlight > maxMessages) {
            throw new AssertionError(inFlight + " messages in a window of " + maxMessages);
        }
        for (long number = 1; number <= window.storedUpTo(); number++) {
            if (!ids.contains(number)) {
                throw new AssertionError("message " + number + " is not stored: " + window);
            }
        }
    }

    /** Every message is there; the last copies are in order, or there are no copies. */
    private void checkEnd() {
        long last = 0;
        for (long number = 1; number <= messages; number++) {
            int at = stored.lastIndexOf(number);
            if (at < 0) {
                throw new AssertionError("message " + number + " is missing: " + stored);
            }
            if (!withIds && at < last) {
                throw new AssertionError(
                        "the last copy of message " + number + " is out of order: " + stored);
            }
            if (withIds && stored.indexOf(number) != at) {
                throw new AssertionError("message " + number + " twice: " + stored);
            }
            last = at;
        }
    }

    private void say(String what) {
        log.add(now + " " + what);
    }

    String story() {
        return String.join("\n", log.subList(Math.max(0, log.size() - 80), log.size()));
    }

    int faults() {
        return faults;
    }

    int repeated() {
        return sent - messages;
    }

    private static final class Answer {
        final long number;
        final int attempt;
        final boolean good;

        Answer(long[] message, boolean good) {
            this.number = message[0];
            this.attempt = (int) message[1];
            this.good = good;
        }
    }
}

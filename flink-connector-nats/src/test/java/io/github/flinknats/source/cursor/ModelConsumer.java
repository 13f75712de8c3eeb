// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A pull consumer of a simulated server, with what real servers were seen to do: waiting pulls are
 * served in turn, one message each; one that is complete, out of bytes or expired ends with a
 * status that tells what was not used; each waiting pull gets heartbeats while nothing is sent.
 */
final class ModelConsumer {
    private final int id;
    private final ModelStream stream;
    private final long start;
    private final Wire wire;
    private final ArrayDeque<Pull> waiting = new ArrayDeque<>();

    private State state = State.ALIVE;
    private long streamNext;
    private long sent;
    private long sentAt;
    private boolean madeAgain;

    ModelConsumer(int id, ModelStream stream, long start, Wire wire) {
        this.id = id;
        this.stream = stream;
        this.start = start;
        this.wire = wire;
        this.streamNext = start;
    }

    private enum State {
        ALIVE,
        /** Its node is dead: nothing comes any more. */
        SILENT,
        GONE
    }

    /** What leaves the server for the reader's inbox, in this order. */
    interface Wire {
        void message(ModelConsumer from, long stream, long consumer, long pending);

        void heartbeat(ModelConsumer from, long lastStream, long lastConsumer);

        void status(ModelConsumer from, PullStatus status);
    }

    int id() {
        return id;
    }

    boolean isGone() {
        return state == State.GONE;
    }

    /** Whether it was made again by a server that came back, and counts from 1. */
    boolean isMadeAgain() {
        return madeAgain;
    }

    long pending() {
        return stream.countFrom(streamNext);
    }

    /** A pull arrives. */
    Pull ask(int number, long messages, long bytes, long now) {
        Pull pull = new Pull(number, messages, bytes);
        if (state == State.GONE) {
            wire.status(this, PullStatus.of(503, "", number, 0, 0));
        } else if (state == State.ALIVE) {
            if (waiting.isEmpty()) {
                sentAt = now;
            }
            waiting.add(pull);
            deliver(now);
        }
        return pull;
    }

    /** Sends what waits to whom waits. */
    void deliver(long now) {
        while (state == State.ALIVE && !waiting.isEmpty()) {
            long sequence = stream.nextFrom(streamNext);
            if (sequence == 0) {
                streamNext = Math.max(streamNext, stream.last() + 1);
                return;
            }
            Pull pull = waiting.poll();
            sentAt = now;
            long bytes = stream.bytes(sequence);
            if (bytes > pull.bytes) {
                end(pull, 409, "Message Size Exceeds MaxBytes");
                continue;
            }
            streamNext = sequence + 1;
            sent++;
            pull.messages--;
            pull.bytes -= bytes;
            wire.message(this, sequence, sent, pending());
            if (pull.messages == 0) {
                end(pull, 409, "Batch Completed");
            } else {
                waiting.add(pull);
            }
        }
    }

    /** The pull has waited long enough. */
    void expire(Pull pull) {
        if (state == State.ALIVE && waiting.remove(pull)) {
            end(pull, 408, "Request Timeout");
        }
    }

    private void end(Pull pull, int code, String text) {
        wire.status(this, PullStatus.of(code, text, pull.number, pull.messages, pull.bytes));
    }

    /** It is time for heartbeats, unless something was sent just before. */
    void tick(long interval, long now) {
        if (state == State.ALIVE && now - sentAt >= interval) {
            waiting.forEach(pull -> wire.heartbeat(this, streamNext - 1, sent));
        }
    }

    // ------------------------------------------------------------------ what may happen to it

    /** Every waiting pull is told why, and none is served any more. */
    void dieTelling(int code, String text) {
        if (state == State.ALIVE) {
            List<Pull> told = new ArrayList<>(waiting);
            waiting.clear();
            told.forEach(pull -> end(pull, code, text));
        }
        state = State.GONE;
    }

    void dieSilently() {
        if (state == State.ALIVE) {
            state = State.SILENT;
        }
    }

    void vanish() {
        waiting.clear();
        state = State.GONE;
    }

    /** A cluster node comes back and starts it from its configuration. */
    void makeAgain() {
        waiting.clear();
        state = State.ALIVE;
        streamNext = start;
        sent = 0;
        madeAgain = true;
    }

    /** The defect of servers that lose their tail: it stands beyond the stream's end. */
    void jumpAhead(long distance) {
        streamNext = stream.last() + 1 + distance;
    }

    /** A pull that the server has. */
    static final class Pull {
        private final int number;
        private long messages;
        private long bytes;

        Pull(int number, long messages, long bytes) {
            this.number = number;
            this.messages = messages;
            this.bytes = bytes;
        }
    }
}

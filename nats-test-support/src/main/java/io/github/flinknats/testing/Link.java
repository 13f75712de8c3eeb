// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection through a {@link FaultProxy}: a socket to each side and a pump thread for each
 * direction. A pump reads, cuts into frames, lets the faults act, and writes.
 */
final class Link {

    private static final int BUFFER = 1 << 16;

    /** How long a cut link listens for the other side's close before it closes anyway. */
    private static final int LINGER_MILLIS = 2_000;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private final List<Thread> pumps = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger(Direction.values().length);
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final Set<Direction> silenced = ConcurrentHashMap.newKeySet();
    private final Map<Direction, Duration> slowed = new ConcurrentHashMap<>();

    Link(FaultProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
    }

    void start(String name) {
        for (Direction direction : Direction.values()) {
            Thread pump = new Thread(() -> run(direction), name + "-" + direction);
            pump.setDaemon(true);
            pumps.add(pump);
        }
        pumps.forEach(Thread::start);
    }

    /** Completed when the link is cut or closed. */
    CompletableFuture<Boolean> ended() {
        return ended;
    }

    void silence(Direction direction) {
        silenced.add(direction);
    }

    void slow(Direction direction, Duration perFrame) {
        slowed.put(direction, perFrame);
    }

    /** Ends silence and slowness; what was swallowed stays lost. */
    void heal() {
        silenced.clear();
        slowed.clear();
    }

    /**
     * Tells both sides that the connection is over. Not a plain close: with unread input that would
     * be a reset, and a reset takes away what the other side has received but not read.
     */
    void cut() {
        ended.complete(true);
        shutOutput(client);
        shutOutput(server);
    }

    /** Closes at once and waits for the pumps. */
    void close() {
        ended.complete(true);
        closeQuietly(client);
        closeQuietly(server);
        for (Thread pump : pumps) {
            try {
                pump.join(LINGER_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    // ---- pump ---------------------------------------------------------------------------------

    private void run(Direction direction) {
        boolean fromClient = direction == Direction.FROM_CLIENT;
        Socket from = fromClient ? client : server;
        Socket to = fromClient ? server : client;
        Direction opposite = fromClient ? Direction.FROM_SERVER : Direction.FROM_CLIENT;
        try {
            pump(direction, from, to);
        } catch (IOException e) {
            // Reset by a side, or cut: the end of the connection, which a side that hears nothing
            // cannot notice.
            if (silenced.contains(opposite) && !ended.isDone()) {
                drain(from, 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            proxy.failed(e);
        }
        if (!silenced.contains(direction)) {
            cut();
        }
        if (ended.isDone()) {
            drain(from, LINGER_MILLIS);
            closeQuietly(from);
        }
        if (running.decrementAndGet() == 0) {
            closeQuietly(client);
            closeQuietly(server);
            proxy.ended(this);
        }
    }

    private void pump(Direction direction, Socket from, Socket to)
            throws IOException, InterruptedException {
        FrameParser parser = new FrameParser();
        OutputStream out = new BufferedOutputStream(to.getOutputStream(), BUFFER);
        byte[] buffer = new byte[BUFFER];
        int length = from.getInputStream().read(buffer);
        while (length >= 0) {
            parser.feed(buffer, length);
            Frame frame = parser.next();
            while (frame != null && !ended.isDone()) {
                pass(direction, frame, out);
                frame = parser.next();
            }
            if (ended.isDone()) {
                return;
            }
            out.flush();
            length = from.getInputStream().read(buffer);
        }
    }

    private void pass(Direction direction, Frame frame, OutputStream out)
            throws IOException, InterruptedException {
        proxy.count(direction, frame);
        Map<Fault.Moment, List<Fault>> faults = new EnumMap<>(Fault.Moment.class);
        for (Fault fault : proxy.faults()) {
            Fault.Moment moment = fault.meet(direction, frame);
            faults.computeIfAbsent(moment, key -> new ArrayList<>()).add(fault);
        }
        happen(faults, Fault.Moment.BEFORE, direction, out);
        happen(faults, Fault.Moment.INSTEAD, direction, out);
        boolean swallowed =
                faults.containsKey(Fault.Moment.INSTEAD)
                        || silenced.contains(direction)
                        || ended.isDone();
        if (!swallowed) {
            out.write(frame.bytes());
        }
        Duration pause = slowed.get(direction);
        if (pause != null) {
            out.flush();
            pause(pause);
        }
        happen(faults, Fault.Moment.AFTER, direction, out);
    }

    private void happen(
            Map<Fault.Moment, List<Fault>> faults,
            Fault.Moment moment,
            Direction direction,
            OutputStream out)
            throws IOException, InterruptedException {
        for (Fault fault : faults.getOrDefault(moment, List.of())) {
            out.flush(); // what passed must arrive before a stall or an end
            fault.happen(this, direction);
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        try {
            ended.get(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- sockets ------------------------------------------------------------------------------

    private static void drain(Socket socket, int limitMillis) {
        byte[] buffer = new byte[BUFFER];
        try {
            socket.setSoTimeout(limitMillis);
            while (socket.getInputStream().read(buffer) >= 0) {
                // What comes after the cut is lost.
            }
        } catch (IOException e) {
            // Closed, reset or silent: enough.
        }
    }

    private static void shutOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // It was closed before.
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing more to do with it.
        }
    }
}

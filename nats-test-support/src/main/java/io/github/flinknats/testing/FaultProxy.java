// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between clients and a {@link NatsServer} that understands the protocol, so that a fault
 * has a place in the exchange and not a time:
 *
 * <pre>{@code
 * proxy.on(FROM_SERVER, "MSG", 3000).cut();
 * proxy.on(FROM_CLIENT, "PUB", "$JS.API.CONSUMER.MSG.NEXT", 5).drop(1);
 * }</pre>
 *
 * <p>A kind of frame is an operation ("MSG" and "PUB" with headers or without, "PING", "SUB"…),
 * "STATUS" for any message that is only a status, or one status by its code ("100", "409").
 * Acknowledgements of publishes are "MSG" on an inbox: give a subject to tell them apart. TLS
 * cannot be looked into.
 */
public final class FaultProxy implements AutoCloseable {

    private final int targetPort;
    private final int port;
    private final ServerSocket listener;
    private final Thread acceptor;
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile boolean refusing;

    private FaultProxy(int targetPort) throws IOException {
        this.targetPort = targetPort;
        this.port = Ports.free();
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(Ports.loopback(), port));
        this.acceptor = new Thread(this::accept, "fault-proxy-" + port);
        acceptor.setDaemon(true);
    }

    public static FaultProxy start(NatsServer server) {
        try {
            FaultProxy proxy = new FaultProxy(server.port());
            proxy.acceptor.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a proxy", e);
        }
    }

    /** Where clients connect to. */
    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** After the n-th frame of this kind. */
    public FaultPlace on(Direction direction, String kind, long after) {
        return on(direction, kind, "", after);
    }

    /** After the n-th frame of this kind whose subject begins so. */
    public FaultPlace on(Direction direction, String kind, String subjectPrefix, long after) {
        return new FaultPlace(direction, kind, subjectPrefix, after, faults::add);
    }

    /** Ends all connections. */
    public void cutAll() {
        links.forEach(Link::cut);
    }

    /** Whether new connections are closed as soon as they come. */
    public void refuse(boolean refuse) {
        refusing = refuse;
    }

    /** Forgets all faults: holds are released, silence and slowness end. */
    public void heal() {
        List<Fault> all = List.copyOf(faults);
        faults.removeAll(all);
        all.forEach(Fault::release);
        links.forEach(Link::heal);
    }

    /** Frames of this kind so far, dropped ones too ("MSG", "PUB", "STATUS", "PING", "SUB"…). */
    public long frames(Direction direction, String kind) {
        LongAdder counter = counters.get(direction + " " + kind);
        return counter == null ? 0 : counter.sum();
    }

    /** Open connections. */
    public int connections() {
        return links.size();
    }

    /** Connections that were ever let through. */
    public int accepted() {
        return accepted.get();
    }

    @Override
    public void close() {
        refusing = true;
        try {
            listener.close();
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the proxy", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        links.forEach(Link::close);
        links.clear();
        Ports.giveBack(port);
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the proxy itself failed", failed);
        }
    }

    // ---- for the links ------------------------------------------------------------------------

    List<Fault> faults() {
        return faults;
    }

    void count(Direction direction, Frame frame) {
        counters.computeIfAbsent(direction + " " + frame.kind(), key -> new LongAdder())
                .increment();
    }

    void failed(RuntimeException e) {
        failure.compareAndSet(null, e);
    }

    void ended(Link link) {
        links.remove(link);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // Closed, which ends the loop, or a client that went away at once.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        if (refusing) {
            client.close();
            return;
        }
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(Ports.loopback(), targetPort));
        } catch (IOException e) {
            client.close();
            server.close();
            return;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        Link link = new Link(this, client, server);
        links.add(link);
        link.start("fault-proxy-" + port + "-" + accepted.incrementAndGet());
    }
}

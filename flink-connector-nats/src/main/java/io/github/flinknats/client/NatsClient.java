// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.subject.Printable;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to NATS. It reconnects by itself until it is closed, and tells its {@link
 * Listener} when the server goes and comes. Any thread.
 */
@Internal
@OwnedBy(ThreadRole.ANY)
public final class NatsClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatsClient.class);

    /** A dead peer is noticed after two to three of these, whatever is being done. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(5);

    private static final Duration RECONNECT_WAIT = Duration.ofMillis(250);
    private static final Duration FLUSH_LIMIT = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final Connection connection;
    private final StreamApi streams;
    private final Violations violations;
    private final FrameRoutes routes;

    private NatsClient(
            Connection connection, StreamApi streams, Violations violations, FrameRoutes routes) {
        this.connection = connection;
        this.streams = streams;
        this.violations = violations;
        this.routes = routes;
    }

    /** Hears of the connection's fate on a client thread: it may not block. */
    public interface Listener {
        /** Connected again after {@link #down}. */
        void up();

        /** The connection broke; the client is trying to get it back. */
        void down();

        /** The client has given up, or was closed. */
        void closed();

        /** Hears nothing. */
        Listener NONE =
                new Listener() {
                    @Override
                    public void up() {}

                    @Override
                    public void down() {}

                    @Override
                    public void closed() {}
                };
    }

    /**
     * Connects to the first server of the list that answers. Blocks for up to one connect timeout
     * per server.
     *
     * @param wideNames whether names that are not ASCII are sent; see {@link WideNames}
     * @throws NatsFailure when none lets us in
     */
    public static NatsClient connect(
            ConnectionSettings settings, Listener listener, boolean wideNames) {
        return open(settings, listener, wideNames, -1);
    }

    /**
     * As {@link #connect}, but a connection that breaks is closed. For writers: a client that
     * reconnects sends what it still holds, ahead of whatever is then sent again.
     *
     * @throws NatsFailure when no server lets us in
     */
    public static NatsClient connectOnce(
            ConnectionSettings settings, Listener listener, boolean wideNames) {
        return open(settings, listener, wideNames, 0);
    }

    private static NatsClient open(
            ConnectionSettings settings, Listener listener, boolean wideNames, int maxReconnects) {
        Failures failures = Failures.at(settings);
        ConnectFailures connecting = new ConnectFailures(settings);
        Violations violations = new Violations();
        Events events = new Events(listener, violations);
        try {
            Connection connection =
                    Nats.connect(
                            builder(settings, connecting, wideNames)
                                    .maxReconnects(maxReconnects)
                                    .errorListener(events)
                                    .connectionListener(events)
                                    .build());
            LOG.info("Connected to {} as '{}'", settings.servers(), settings.client().name());
            return new NatsClient(
                    connection,
                    new StreamApi(connection, settings, violations, failures),
                    violations,
                    events.routes());
        } catch (IOException | IllegalArgumentException e) {
            throw connecting.cannotConnect(e, events.serverError, events.clientProblem);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw connecting.cannotConnect(e, "the connecting thread was interrupted", null);
        }
    }

    private static Options.Builder builder(
            ConnectionSettings settings, ConnectFailures failures, boolean wideNames) {
        Options.Builder builder =
                new Options.Builder()
                        .pingInterval(PING_INTERVAL)
                        .reconnectWait(RECONNECT_WAIT)
                        .properties(ClientProperties.toProperties(settings.client().properties()))
                        .servers(settings.servers().urls().toArray(new String[0]))
                        .connectionTimeout(settings.timeouts().connect())
                        .connectionName(settings.client().name())
                        .inboxPrefix(settings.client().inboxPrefix())
                        .reportNoResponders();
        if (FramePort.isVisibleToClient()) {
            builder.dataPortType(FramePort.class.getName());
        }
        if (wideNames) {
            builder.supportUTF8Subjects();
        }
        Login.apply(builder, settings, failures);
        SSLContext context = TlsContext.of(settings, failures);
        if (context != null) {
            builder.sslContext(context);
        }
        TlsSettings tls = settings.tls();
        if (tls != null && tls.isFirst()) {
            builder.tlsFirst();
        }
        return builder;
    }

    public Connection connection() {
        return connection;
    }

    public StreamApi streams() {
        return streams;
    }

    /** Whose messages are taken off the wire instead of coming by a dispatcher. */
    public FrameRoutes routes() {
        return routes;
    }

    /** Whether {@link #publish} is possible: else messages go to the connection, one by one. */
    public boolean takesParcels() {
        long limit = connection.getServerInfo().getMaxPayload();
        return FramePort.isVisibleToClient() && (limit <= 0 || limit >= Parcel.MOST_BYTES);
    }

    /**
     * Sends the messages of a parcel, which is empty then. May wait until the client has room.
     *
     * @throws IllegalStateException when the connection is closed, or the client has no room
     */
    public void publish(Parcel parcel) {
        if (!parcel.isEmpty()) {
            connection.publish(Parcel.SUBJECT, parcel.take());
        }
    }

    /** Whether the server has forbidden anything. */
    public boolean hasViolations() {
        return !violations.none();
    }

    /**
     * The permission error that explains why the server is silent about what was published to a
     * subject, or null.
     */
    public @Nullable String violation(String subject) {
        return violations.against(subject);
    }

    /** The permission error about anything that was published before the last flush, or null. */
    public @Nullable String violationOfPublishing() {
        String last = connection.getLastError(); // Its callback may come later than the flush.
        return last != null && Violations.isOfPublishing(last) ? last : violations.below("");
    }

    /**
     * Sends what is queued and closes; idempotent. Waits for a short time only: a server that
     * stands still must not hold up a job that is being cancelled. What takes longer ends by
     * itself.
     */
    @Override
    public void close() {
        Thread closing = new Thread(this::flushAndClose, "flink-nats-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flushAndClose() {
        try {
            if (connection.getStatus() == Connection.Status.CONNECTED) {
                connection.flush(FLUSH_LIMIT);
            }
        } catch (TimeoutException | IllegalStateException e) {
            LOG.debug("Closing without an answer of the server", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Turns the client's callbacks into ours. Called on the client's callback thread. */
    @OwnedBy(ThreadRole.ANY)
    private static final class Events
            implements ConnectionListener, ErrorListener, FramePort.RoutesHolder {
        private final FrameRoutes routes = new FrameRoutes();
        private final Listener listener;
        private final Violations violations;
        // Written by client threads, read by the connecting one.
        private volatile String serverError = "";
        private volatile @Nullable Exception clientProblem;

        Events(Listener listener, Violations violations) {
            this.listener = listener;
            this.violations = violations;
        }

        @Override
        public FrameRoutes routes() {
            return routes;
        }

        @Override
        public void broken(IOException problem) {
            if (ConnectProblem.of(problem) != null) {
                note(problem);
            }
        }

        /** What TLS says is followed by what it leads to. */
        private void note(Exception problem) {
            if (ConnectProblem.of(clientProblem) == null) {
                clientProblem = problem;
            }
        }

        @Override
        @SuppressWarnings("deprecation") // The only abstract method of the interface.
        public void connectionEvent(
                @Nullable Connection connection, ConnectionListener.Events type) {
            switch (type) {
                case RECONNECTED:
                    LOG.info("Reconnected to NATS");
                    listener.up();
                    break;
                case DISCONNECTED:
                    LOG.warn("Lost the connection to NATS, trying to get it back");
                    violations.disconnected();
                    listener.down();
                    break;
                case CLOSED:
                    listener.closed();
                    break;
                case LAME_DUCK:
                    LOG.info("The NATS server is about to shut down");
                    break;
                case CONNECTED:
                case RESUBSCRIBED:
                case DISCOVERED_SERVERS:
                    break;
            }
        }

        @Override
        public void errorOccurred(Connection connection, String error) {
            serverError = Printable.of(ServerList.mask(error));
            violations.note(Printable.of(error));
            LOG.warn("NATS server error: {}", serverError);
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception exception) {
            note(exception);
            LOG.debug("NATS client problem: {}", Failures.text(exception));
        }
    }
}

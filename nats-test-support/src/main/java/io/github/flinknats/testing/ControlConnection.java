// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fixture's own connection to a server or a cluster, opened on first use, and the streams made
 * over it. It comes back by itself after a restart, and leak checks know it by its name.
 */
final class ControlConnection {

    /** Also the prefix of its threads' names. */
    static final String NAME = "test-support";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Supplier<String[]> urls;
    private final Consumer<Options.Builder> login;
    private final List<TestStream> streams = new CopyOnWriteArrayList<>();
    private @Nullable Connection connection;

    ControlConnection(Supplier<String[]> urls, Consumer<Options.Builder> login) {
        this.urls = urls;
        this.login = login;
    }

    synchronized Connection get() {
        if (connection == null) {
            connection =
                    open(
                            options -> {
                                login.accept(options);
                                options.connectionName(NAME);
                            });
        }
        return connection;
    }

    /** A connection of its own, which the caller closes. */
    Connection open(Consumer<Options.Builder> customizer) {
        Options.Builder options =
                new Options.Builder()
                        .servers(urls.get())
                        .ignoreDiscoveredServers()
                        .connectionName("test")
                        .connectionTimeout(Duration.ofSeconds(10))
                        .maxReconnects(-1)
                        .reconnectWait(Duration.ofMillis(50))
                        // Not zero: jnats asks for a random number below it and gives up.
                        .reconnectJitter(Duration.ofMillis(1))
                        .errorListener(new ErrorListener() {});
        customizer.accept(options);
        try {
            return Nats.connect(options.build());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to " + String.join(",", urls.get()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting", e);
        }
    }

    Consumer<Options.Builder> login() {
        return login;
    }

    /** After a restart: returns when the connection works again, if there is one. */
    synchronized void awaitConnected() {
        Connection open = connection;
        if (open == null) {
            return;
        }
        // Only an answer proves it: just after a kill the status still says CONNECTED. A request,
        // not flush() or RTT(): when a PING is lost with its connection, jnats counts its PONG as
        // outstanding, and every later flush waits for one PONG too many.
        Await.until(
                "the fixture's connection is back",
                LIMIT,
                () -> answers(open, "$JS.API.INFO"),
                () -> open.getStatus().toString());
    }

    /** Whether a request goes through, now or within a second. */
    static boolean answers(Connection connection, String subject) throws InterruptedException {
        return connection.getStatus() == Connection.Status.CONNECTED
                && connection.request(subject, null, Duration.ofSeconds(1)) != null;
    }

    void add(TestStream stream) {
        streams.add(stream);
    }

    void remove(TestStream stream) {
        streams.remove(stream);
    }

    /** Streams that were made here and not deleted since. */
    List<TestStream> streams() {
        return new ArrayList<>(streams);
    }

    synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

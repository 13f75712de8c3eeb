// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import io.nats.client.Connection;
import io.nats.client.Options;
import io.nats.client.support.JsonValueUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A real nats-server process with JetStream, on ports and in a directory of its own. It can be
 * killed, stopped, paused and restarted, keeps its port and its data over that, and never outlives
 * the JVM.
 */
public final class NatsServer implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final String CONFIG_FILE = "nats-server.conf";
    private static final int SOCKET_TIMEOUT_MILLIS = 2_000;

    private final int port;
    private final int monitorPort;
    private final Path directory;
    private final Path storeDir;
    private final ServerProcess process;
    private final ServerMonitor monitor;
    private final ControlConnection control;
    private final String healthQuery;
    private final boolean greets;

    NatsServer(NatsServerBuilder builder, int port, int monitorPort) {
        this.port = port;
        this.monitorPort = monitorPort;
        this.directory = Directories.temporary("nats-server-");
        Orphans.adopt(directory);
        Path ownStore = builder.storeDir;
        this.storeDir = ownStore == null ? directory.resolve("store") : ownStore;
        Path configFile = directory.resolve(CONFIG_FILE);
        try {
            Files.writeString(configFile, builder.configText(port, monitorPort, storeDir));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + configFile, e);
        }
        List<String> command =
                List.of(ServerBinary.path().toString(), "--config", configFile.toString());
        this.process = new ServerProcess(command, directory.resolve("nats-server.log"));
        this.healthQuery = builder.healthQuery;
        this.greets = builder.greets;
        this.monitor = new ServerMonitor(monitorPort);
        this.control = new ControlConnection(() -> new String[] {url()}, builder.login);
    }

    /** A server with the default configuration, ready for use. */
    public static NatsServer start() {
        return builder().start();
    }

    public static NatsServerBuilder builder() {
        return new NatsServerBuilder();
    }

    public String url() {
        return "nats://" + hostPort();
    }

    public String hostPort() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public Path storeDir() {
        return storeDir;
    }

    // ---- life and death ----------------------------------------------------------------------

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        process.kill();
    }

    /** SIGTERM: clients are told, files are written. Returns when the process is gone. */
    public void stop() {
        process.stop();
    }

    /** SIGSTOP: sockets stay open, nothing answers. */
    public void pause() {
        process.signal("STOP");
    }

    /** Ends a {@link #pause()}. */
    public void resume() {
        process.signal("CONT");
    }

    /**
     * SIGUSR2: the server announces its end and closes client connections one after the other; it
     * needs at least 10 s for that and then exits.
     */
    public void lameDuck() {
        process.signal("USR2");
    }

    /** Changes the text of the configuration and has the server read it again. */
    public void reconfigure(UnaryOperator<String> change) {
        Path file = directory.resolve(CONFIG_FILE);
        try {
            Files.writeString(file, change.apply(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change " + file, e);
        }
        process.signal("HUP");
    }

    /** Stops the server if it runs, starts it with the same port and data, waits until ready. */
    public void restart() {
        process.stop();
        process.start();
        awaitReady();
        control.awaitConnected();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills the server and deletes its files (except a store directory given from outside). */
    @Override
    public void close() {
        control.close();
        process.kill();
        Ports.giveBack(port);
        Ports.giveBack(monitorPort);
        Directories.delete(directory);
        Orphans.release(directory);
    }

    // ---- looking inside ----------------------------------------------------------------------

    /** Everything the server logged, over all its restarts. */
    public String log() {
        return process.log();
    }

    /** What the monitoring port answers to a path, such as {@code /varz}. */
    public String monitor(String path) {
        return monitor.text(path);
    }

    /** Version of the server, such as 2.15.1. */
    public String version() {
        return JsonValueUtils.readString(monitor.json("/varz"), "version");
    }

    public int connectionCount() {
        return monitor.connections().size();
    }

    /** Names of the open client connections; an address for one that has no name. */
    public List<String> connections() {
        return List.copyOf(monitor.connections().values());
    }

    /** All consumers, as "stream/consumer". */
    public List<String> consumers() {
        return monitor.consumers();
    }

    // ---- clients -----------------------------------------------------------------------------

    /** A new connection with the fixture's own login; the caller closes it. */
    public Connection connect() {
        return control.open(control.login());
    }

    /** A new connection of this user; the caller closes it. */
    public Connection connect(String user, String password) {
        return connect(options -> options.userInfo(user.toCharArray(), password.toCharArray()));
    }

    /** A new connection with options of your own (without the fixture's login). */
    public Connection connect(Consumer<Options.Builder> customizer) {
        return control.open(customizer);
    }

    // ---- for the fixture ---------------------------------------------------------------------

    ControlConnection control() {
        return control;
    }

    ServerMonitor monitor() {
        return monitor;
    }

    void launch() {
        process.start();
    }

    /** Whether the process ended because another one has a port of ours. */
    boolean lostItsPort() {
        return !process.isAlive() && process.log().contains("address already in use");
    }

    void awaitReady() {
        Await.until(
                "nats-server is ready on port " + port,
                READY_LIMIT,
                () -> {
                    if (!process.isAlive()) {
                        throw new ServerDied(process.log());
                    }
                    return monitor.healthy(healthQuery) && (!greets || greets());
                },
                this::log);
    }

    private boolean greets() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.loopback(), port), SOCKET_TIMEOUT_MILLIS);
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            return line != null && line.startsWith("INFO ");
        }
    }

    @Override
    public String toString() {
        return url() + (isAlive() ? "" : " (down)");
    }

    /** No sense in waiting any longer: {@link Await} retries after exceptions, not after errors. */
    static final class ServerDied extends AssertionError {
        private static final long serialVersionUID = 1L;

        ServerDied(String log) {
            super("nats-server ended while starting; its log:\n" + log);
        }
    }
}

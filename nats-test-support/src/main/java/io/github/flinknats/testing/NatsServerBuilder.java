// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import io.nats.client.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a {@link NatsServer} is to be started. */
public final class NatsServerBuilder {

    private static final int ATTEMPTS = 5;

    final List<String> snippets = new ArrayList<>();
    final Map<String, String> users = new LinkedHashMap<>();
    @Nullable Path storeDir;
    Consumer<Options.Builder> login = options -> {};
    String healthQuery = "";
    boolean greets = true;
    private @Nullable String domain;
    private int port;

    NatsServerBuilder() {}

    /** Lines to append to the configuration file, such as an {@code accounts} block. */
    public NatsServerBuilder config(String snippet) {
        snippets.add(snippet);
        return this;
    }

    /**
     * A user who may do everything. The first one is also the fixture's own login. For other
     * permissions write the {@code authorization} block yourself and name a {@link #login}.
     */
    public NatsServerBuilder user(String name, String password) {
        if (users.isEmpty()) {
            login(name, password);
        }
        users.put(name, password);
        return this;
    }

    /** The fixture's own login, for a configuration that brings its own users. */
    public NatsServerBuilder login(String user, String password) {
        return login(options -> options.userInfo(user.toCharArray(), password.toCharArray()));
    }

    /** How the fixture's own connections log in: token, certificates, credentials. */
    public NatsServerBuilder login(Consumer<Options.Builder> options) {
        login = options;
        return this;
    }

    /** Where the server keeps its streams; this directory is not deleted at the end. */
    public NatsServerBuilder storeDir(Path directory) {
        storeDir = directory;
        return this;
    }

    /** The JetStream domain of the server. */
    public NatsServerBuilder domain(String name) {
        domain = name;
        return this;
    }

    /** A fixed client port; without it a free one is taken. */
    public NatsServerBuilder port(int fixed) {
        port = fixed;
        return this;
    }

    /** For a configuration that has the server wait for TLS instead of greeting. */
    public NatsServerBuilder silent() {
        greets = false;
        return this;
    }

    /** Is ready before it has found its peers: those may come later. */
    NatsServerBuilder clusterNode() {
        healthQuery = "?js-enabled-only=true";
        return this;
    }

    /** Starts the server and waits until it is ready. */
    public NatsServer start() {
        AssertionError last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            NatsServer server = build();
            try {
                server.launch();
                server.awaitReady();
                return server;
            } catch (AssertionError e) {
                boolean again = port == 0 && server.lostItsPort();
                server.close();
                if (!again) {
                    throw e;
                }
                last = e;
            }
        }
        throw new AssertionError("another process always took the port", last);
    }

    NatsServer build() {
        return new NatsServer(this, port == 0 ? Ports.free() : port, Ports.free());
    }

    String configText(int clientPort, int monitorPort, Path store) {
        StringBuilder text = new StringBuilder();
        text.append("listen: \"127.0.0.1:").append(clientPort).append("\"\n");
        text.append("http: \"127.0.0.1:").append(monitorPort).append("\"\n");
        // Fixed limits, or the server's depend on the free disk space of the moment.
        text.append("jetstream {\n  store_dir: \"").append(store).append("\"\n");
        if (domain != null) {
            text.append("  domain: ").append(domain).append('\n');
        }
        text.append("  max_memory_store: 2GB\n  max_file_store: 20GB\n}\n");
        if (!users.isEmpty()) {
            text.append("authorization {\n  users: [\n");
            users.forEach(
                    (name, password) ->
                            text.append("    {user: \"")
                                    .append(name)
                                    .append("\", password: \"")
                                    .append(password)
                                    .append("\"}\n"));
            text.append("  ]\n}\n");
        }
        snippets.forEach(snippet -> text.append(snippet).append('\n'));
        return text.toString();
    }
}

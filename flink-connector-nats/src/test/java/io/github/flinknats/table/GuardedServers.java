// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Servers of one test that do not let everybody in, with a stream of one message each. */
final class GuardedServers implements AfterEachCallback {
    /** At job start, even if a server has to be waited for. */
    static final Duration SOON = Duration.ofSeconds(10);

    private final List<NatsServer> servers = new ArrayList<>();

    /** Starts one, on which {@code login} is the test's own way in. */
    NatsServer start(String config, Consumer<Options.Builder> login) {
        return add(NatsServer.builder().config(config).login(login).start());
    }

    /** Starts one that says nothing before TLS. */
    NatsServer startSilent(String config, Consumer<Options.Builder> login) {
        return add(
                NatsServer.builder()
                        .silent()
                        .config(config)
                        .login(login.andThen(Options.Builder::tlsFirst))
                        .start());
    }

    private NatsServer add(NatsServer server) {
        servers.add(server);
        return server;
    }

    /** A stream with the message {@code {"id":1}}. */
    TestStream stream(NatsServer server) {
        TestStream stream = TestStream.create(server, builder -> {});
        stream.publish("a", "{\"id\":1}");
        return stream;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        servers.forEach(NatsServer::close);
        servers.clear();
    }
}

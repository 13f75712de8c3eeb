// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one test has: its server, its streams, and how things stood before it. */
final class Fixture {

    /** Of a failed test's server log. */
    private static final int PRINTED_CHARACTERS = 20_000;

    private final NatsServer server;
    private final boolean owned;
    private final int logBefore;
    private final Duration leakLimit;
    private final Leaks leaks;
    private final List<TestStream> streams = new ArrayList<>();

    Fixture(@Nullable OwnServer own, Supplier<NatsServer> shared, Duration leakLimit) {
        this.leakLimit = leakLimit;
        this.owned = own != null;
        this.server = own == null ? shared.get() : start(own);
        this.logBefore = server.log().length();
        // Opened now, or its threads would look like the test's.
        server.control().get();
        this.leaks = Leaks.before(server);
    }

    NatsServer server() {
        return server;
    }

    TestStream stream(int index) {
        while (streams.size() <= index) {
            streams.add(TestStream.create(server));
        }
        return streams.get(index);
    }

    /** Checks, cleans up, and throws what the check found. */
    void end(String test, @Nullable Throwable failure) {
        Throwable cause = failure;
        try {
            if (failure == null) {
                leaks.check(server.control().streams(), leakLimit);
            }
        } catch (Throwable leak) {
            cause = leak;
            throw leak;
        } finally {
            if (cause != null) {
                print(test);
            }
            cleanUp();
        }
    }

    private void cleanUp() {
        if (owned) {
            server.close();
        } else {
            server.control().streams().forEach(TestStream::delete);
        }
    }

    private void print(String test) {
        String log = server.log();
        int from = Math.max(logBefore, log.length() - PRINTED_CHARACTERS);
        System.err.println("---- log of " + server + " during " + test);
        System.err.println(log.substring(Math.min(from, log.length())));
        System.err.println("---- end of log");
    }

    private static NatsServer start(OwnServer own) {
        NatsServerBuilder builder = NatsServer.builder();
        for (String user : own.users()) {
            String[] parts = split(user);
            builder.user(parts[0], parts[1]);
        }
        if (!own.login().isEmpty()) {
            String[] parts = split(own.login());
            builder.login(parts[0], parts[1]);
        }
        if (!own.config().isEmpty()) {
            builder.config(own.config());
        }
        return builder.start();
    }

    private static String[] split(String user) {
        String[] parts = user.split(":", 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException("not of the form name:password: " + user);
        }
        return parts;
    }
}

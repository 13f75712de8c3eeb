// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link NatsServer} and {@link TestStream}s as parameters of test, {@code
 * BeforeEach} and {@code AfterEach} methods.
 *
 * <p>The server is one per JVM, or the test's own with {@link OwnServer}. The first {@code
 * TestStream} parameter of every method of one test is the same stream, the second another one, and
 * so on; all streams are deleted when the test ends. A test that passes is then searched for {@link
 * Leaks}; for a test that fails, the server's log of that time is printed.
 *
 * <p>Tests of one JVM must run one after the other.
 */
public final class NatsServerExtension
        implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    /** Closing takes a moment, on a busy machine a long one. */
    private static final Duration LEAK_LIMIT = Duration.ofSeconds(8);

    private static final Namespace NAMESPACE = Namespace.create(NatsServerExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        Fixture fixture = new Fixture(ownServer(context), () -> shared(context), LEAK_LIMIT);
        context.getStore(NAMESPACE).put(Fixture.class, fixture);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Fixture fixture = context.getStore(NAMESPACE).remove(Fixture.class, Fixture.class);
        if (fixture != null) {
            fixture.end(context.getDisplayName(), context.getExecutionException().orElse(null));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == NatsServer.class || type == TestStream.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Fixture fixture = context.getStore(NAMESPACE).get(Fixture.class, Fixture.class);
        boolean wantsServer = parameter.getParameter().getType() == NatsServer.class;
        if (fixture != null) {
            return wantsServer ? fixture.server() : fixture.stream(streamIndex(parameter));
        }
        if (wantsServer && ownServer(context) == null) {
            return shared(context); // BeforeAll, AfterAll
        }
        throw new ParameterResolutionException(
                "streams and own servers exist per test: ask for them in a method that runs for"
                        + " each test");
    }

    private static int streamIndex(ParameterContext parameter) {
        int index = 0;
        Parameter[] all = parameter.getDeclaringExecutable().getParameters();
        for (int i = 0; i < parameter.getIndex(); i++) {
            if (all[i].getType() == TestStream.class) {
                index++;
            }
        }
        return index;
    }

    private static NatsServer shared(ExtensionContext context) {
        Shared shared =
                context.getRoot()
                        .getStore(NAMESPACE)
                        .getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
        return shared.server;
    }

    private static @Nullable OwnServer ownServer(ExtensionContext context) {
        Method method = context.getTestMethod().orElse(null);
        OwnServer own = method == null ? null : method.getAnnotation(OwnServer.class);
        Class<?> type = context.getTestClass().orElse(null);
        while (own == null && type != null) {
            own = type.getAnnotation(OwnServer.class);
            type = type.getEnclosingClass();
        }
        return own;
    }

    /** Kept in the root store, which JUnit closes at the end of the run. */
    private static final class Shared implements AutoCloseable {
        final NatsServer server = NatsServer.start();

        @Override
        public void close() {
            server.close();
        }
    }
}

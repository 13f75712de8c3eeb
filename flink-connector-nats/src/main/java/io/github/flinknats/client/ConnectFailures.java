// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.AuthenticationException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Failures of connecting: the server, the login, TLS. Made by {@link Failures}. */
final class ConnectFailures {
    private final ConnectionSettings settings;

    ConnectFailures(ConnectionSettings settings) {
        this.settings = settings;
    }

    /**
     * No server of the list let us in.
     *
     * @param said the server's own words, or empty
     * @param seen the last thing that went wrong at the client, or null
     */
    NatsFailure cannotConnect(Throwable cause, String said, @Nullable Throwable seen) {
        ConnectProblem problem = ConnectProblem.of(seen);
        if (said.isEmpty() && problem != null && seen != null) {
            return tls(problem, seen);
        }
        String why = !said.isEmpty() ? said : Failures.text(seen == null ? cause : seen);
        if (isLogin(cause, why)) {
            return refusedLogin(why, cause);
        }
        return new NatsFailure(
                FailureKind.UNAVAILABLE,
                true,
                String.format(
                        "Cannot connect to %s within %s per server, because %s. Please check"
                                + " 'nats.server-url', that the server runs and is reached from"
                                + " here, 'nats.connect-timeout', and 'nats.tls.first' if the"
                                + " server says nothing before TLS.",
                        settings.servers(), Failures.seconds(settings.timeouts().connect()), why),
                cause);
    }

    private static boolean isLogin(Throwable cause, String why) {
        String low = why.toLowerCase(Locale.ROOT);
        return cause instanceof AuthenticationException
                || low.contains("authorization")
                || low.contains("authentication");
    }

    private NatsFailure refusedLogin(String why, Throwable cause) {
        return new NatsFailure(
                FailureKind.AUTHORIZATION,
                false,
                String.format(
                        "Cannot log in to %s (%s), because the server says: %s. Please %s.",
                        settings.servers(), settings.credentials(), why, loginHint()),
                cause);
    }

    private String loginHint() {
        switch (settings.credentials().kind()) {
            case NONE:
                return "set 'nats.user' and 'nats.password', or another way to log in";
            case USER:
                return "check 'nats.user' and 'nats.password'";
            case TOKEN:
                return "check 'nats.token'";
            case NKEY:
                return "check 'nats.nkey-secret', and that the server knows its public key";
            case JWT:
                return "check 'nats.jwt-token' and 'nats.nkey-secret', and that the server trusts"
                        + " the account that has issued them";
            case CONTENT:
                return "check 'nats.credentials-secret', and that the server trusts the account"
                        + " that has issued it";
            case FILE:
                return "check 'nats.credentials-file', and that the server trusts the account that"
                        + " has issued it";
        }
        throw new IllegalStateException("A login without a hint.");
    }

    private NatsFailure tls(ConnectProblem problem, Throwable seen) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                String.format(
                        "Cannot connect to %s, because %s (%s). Please %s.",
                        settings.servers(),
                        problem.meaning(),
                        Failures.text(deepest(seen)),
                        problem.remedy()),
                seen);
    }

    private static Throwable deepest(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest;
    }

    /** The user's JWT is not valid any more. */
    NatsFailure expired(Credentials credentials, Instant at) {
        return new NatsFailure(
                FailureKind.AUTHORIZATION,
                false,
                String.format(
                        "Cannot log in to %s (%s), because the JWT has expired at %s. Please get a"
                                + " new one, and %s.",
                        settings.servers(), credentials, at, loginHint()),
                null);
    }

    /** A file that the connection needs cannot be read. */
    NatsFailure unreadable(String what, Exception cause, String option) {
        String why = Failures.text(cause);
        if (cause instanceof NoSuchFileException) {
            why = "it does not exist on this node";
        } else if (cause instanceof AccessDeniedException) {
            why = "the process may not read it";
        }
        return unusable(what, why + '.', option);
    }

    /**
     * Something that the connection needs does not hold what it should.
     *
     * @param why a sentence
     */
    NatsFailure unusable(String what, String why, String option) {
        return new NatsFailure(
                FailureKind.CONFIGURATION,
                false,
                String.format(
                        "Cannot connect to %s with the %s, because %s%s Please correct '%s'; the"
                                + " file must be on every node of the cluster.",
                        settings.servers(),
                        what,
                        why.substring(0, 1).toLowerCase(Locale.ROOT),
                        why.substring(1),
                        option),
                null);
    }
}

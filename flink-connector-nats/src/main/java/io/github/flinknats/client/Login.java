// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.nats.client.AuthHandler;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the client how to log in. The client calls it back for each connection that it opens. */
@OwnedBy(ThreadRole.ANY)
final class Login implements AuthHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    /** What the client's first message holds besides a JWT. */
    private static final int ROOM_BESIDES_JWT = 4_096;

    private final Credentials credentials;
    private volatile UserKey key;

    private Login(Credentials credentials, UserKey key) {
        this.credentials = credentials;
        this.key = key;
    }

    /**
     * Puts a login into the client's options.
     *
     * @throws NatsFailure when it cannot be used: the file cannot be read, or the JWT has expired
     */
    static void apply(Options.Builder builder, ConnectionSettings settings, ConnectFailures fails) {
        Credentials credentials = settings.credentials();
        Secret secret = credentials.secret();
        switch (credentials.kind()) {
            case NONE:
                return;
            case USER:
                builder.userInfo(
                        Objects.requireNonNull(credentials.user()).toCharArray(),
                        Objects.requireNonNull(secret).reveal().toCharArray());
                return;
            case TOKEN:
                builder.token(Objects.requireNonNull(secret).reveal().toCharArray());
                return;
            default:
                UserKey key = usable(credentials, fails);
                char[] jwt = key.jwt();
                builder.authHandler(new Login(credentials, key));
                builder.maxControlLine(ROOM_BESIDES_JWT + (jwt == null ? 0 : 2 * jwt.length));
        }
    }

    private static UserKey usable(Credentials credentials, ConnectFailures fails) {
        UserKey key;
        try {
            key = read(credentials);
        } catch (IOException e) {
            throw fails.unreadable(
                    "credentials file " + credentials.file(), e, "nats.credentials-file");
        } catch (IllegalArgumentException e) {
            throw fails.unusable(
                    "credentials file " + credentials.file(),
                    String.valueOf(e.getMessage()),
                    "nats.credentials-file");
        }
        Instant expiry = key.expiry();
        if (expiry != null && expiry.isBefore(Instant.now())) {
            throw fails.expired(credentials, expiry);
        }
        return key;
    }

    private static UserKey read(Credentials credentials) throws IOException {
        String file = credentials.file();
        if (file == null) {
            return Objects.requireNonNull(credentials.key());
        }
        return UserKey.parse(
                new String(Files.readAllBytes(Paths.get(file)), StandardCharsets.UTF_8));
    }

    // ------------------------------------------------------------------ called by the client

    /** The first question of each login: reads a file that may have been renewed. */
    @Override
    public char[] getID() {
        try {
            key = read(credentials);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "Cannot read {}, so the login is tried as before: {}",
                    credentials,
                    Failures.text(e));
        }
        return key.publicKey();
    }

    @Override
    public byte[] sign(byte[] nonce) {
        return key.sign(nonce);
    }

    @Override
    public char @Nullable [] getJWT() {
        return key.jwt();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.NKey;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValueUtils;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key that a user proves with a signature, and the JWT that says what it may, if there is one.
 * Checked when it is made, without saying any of it.
 */
final class UserKey implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int SEED_LENGTH = 58;
    private static final Pattern JWT_BLOCK = block("NATS USER JWT");
    private static final Pattern SEED_BLOCK = block("USER NKEY SEED");

    private final @Nullable Secret jwt;
    private final Secret seed;

    private UserKey(@Nullable Secret jwt, Secret seed) {
        this.jwt = jwt;
        this.seed = seed;
    }

    private static Pattern block(String name) {
        return Pattern.compile(
                "-{3,}\\s*BEGIN " + name + "\\s*-{3,}\\s*(\\S+)\\s*-{3,}\\s*END " + name);
    }

    /**
     * A key without a JWT.
     *
     * @throws IllegalArgumentException for a text that is not the seed of a user's key
     */
    static UserKey ofSeed(String seed) {
        String text = seed.trim();
        NKey.Type type;
        try {
            if (text.length() != SEED_LENGTH) {
                throw new IllegalArgumentException();
            }
            NKey key = NKey.fromSeed(text.toCharArray());
            type = key.getType();
            key.clear();
        } catch (IllegalArgumentException e) { // Its message may hold the text, so it is no cause.
            throw new IllegalArgumentException(
                    "It is not the seed of an NKey, which begins with 'SU' and has 58 characters.");
        }
        if (type != NKey.Type.USER) {
            throw new IllegalArgumentException(
                    "It is the seed of an NKey of another kind than a user's, whose seed begins"
                            + " with 'SU'.");
        }
        return new UserKey(null, Secret.of(text));
    }

    /**
     * A key and its JWT.
     *
     * @throws IllegalArgumentException for a text that is not the JWT of a user
     */
    UserKey withJwt(String text) {
        String token = text.trim();
        if (!"user".equals(claims(token).kind)) {
            throw new IllegalArgumentException("It is the JWT of something else than a user.");
        }
        return new UserKey(Secret.of(token), seed);
    }

    /**
     * The two blocks of a credentials file.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static UserKey parse(String credentials) {
        Matcher jwt = JWT_BLOCK.matcher(credentials);
        Matcher seed = SEED_BLOCK.matcher(credentials);
        if (!jwt.find() || !seed.find()) {
            throw new IllegalArgumentException(
                    "It is not what a credentials file holds: a block 'BEGIN NATS USER JWT' and a"
                            + " block 'BEGIN USER NKEY SEED'.");
        }
        return ofSeed(Objects.requireNonNull(seed.group(1)))
                .withJwt(Objects.requireNonNull(jwt.group(1)));
    }

    /** When the JWT ends to be valid; null if it never does, or there is none. */
    @Nullable Instant expiry() {
        return jwt == null ? null : claims(jwt.reveal()).expiry;
    }

    private static Claims claims(String token) {
        String[] parts = token.split("\\.", -1);
        try {
            if (parts.length == 3) {
                String json =
                        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
                return new Claims(JsonParser.parse(json));
            }
        } catch (IllegalArgumentException | JsonParseException e) {
            // Said below; these messages may hold parts of the token.
        }
        throw new IllegalArgumentException("It is not a JWT: three parts, separated by dots.");
    }

    char[] publicKey() {
        return withKey(NKey::getPublicKey);
    }

    byte[] sign(byte[] nonce) {
        return withKey(key -> key.sign(nonce));
    }

    /** Null when there is none. */
    char @Nullable [] jwt() {
        return jwt == null ? null : jwt.reveal().toCharArray();
    }

    private <T> T withKey(KeyUse<T> use) {
        NKey key = NKey.fromSeed(seed.reveal().toCharArray());
        try {
            return use.apply(key);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Cannot use the NKey", e);
        } finally {
            key.clear();
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UserKey
                && Objects.equals(jwt, ((UserKey) other).jwt)
                && seed.equals(((UserKey) other).seed);
    }

    @Override
    public int hashCode() {
        return Objects.hash(jwt, seed);
    }

    @Override
    public String toString() {
        return jwt == null ? "an NKey" : "a JWT and its NKey";
    }

    private interface KeyUse<T> {
        T apply(NKey key) throws GeneralSecurityException, IOException;
    }

    /** What is needed of a JWT's claims. */
    private static final class Claims {
        private final @Nullable String kind;
        private final @Nullable Instant expiry;

        Claims(io.nats.client.support.JsonValue json) {
            this.kind = JsonValueUtils.readString(JsonValueUtils.readObject(json, "nats"), "type");
            Long seconds = JsonValueUtils.readLong(json, "exp");
            this.expiry = seconds == null || seconds == 0 ? null : Instant.ofEpochSecond(seconds);
        }
    }
}

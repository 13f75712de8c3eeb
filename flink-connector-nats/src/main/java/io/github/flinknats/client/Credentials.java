// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/** Exactly one way to log in. Prints without secrets. */
@PublicEvolving
public final class Credentials implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Credentials NONE = new Credentials(Kind.NONE, null, null, null);

    /** How the server learns who this is. */
    enum Kind {
        NONE,
        USER,
        TOKEN,
        NKEY,
        JWT,
        CONTENT,
        FILE
    }

    private final Kind kind;
    private final @Nullable String name;
    private final @Nullable Secret secret;
    private final @Nullable UserKey key;

    private Credentials(
            Kind kind, @Nullable String name, @Nullable Secret secret, @Nullable UserKey key) {
        this.kind = kind;
        this.name = name;
        this.secret = secret;
        this.key = key;
    }

    /** No login, or the one that a server URL carries. */
    public static Credentials none() {
        return NONE;
    }

    /** User and password. */
    public static Credentials userPassword(String user, String password) {
        return new Credentials(
                Kind.USER, Objects.requireNonNull(user, "user"), Secret.of(password), null);
    }

    /** A token that the server knows. */
    public static Credentials token(String token) {
        return new Credentials(Kind.TOKEN, null, Secret.of(token), null);
    }

    /**
     * The NKey of a user.
     *
     * @param seed begins with {@code SU}
     * @throws IllegalArgumentException for a text that is not the seed of a user's key
     */
    public static Credentials nkey(String seed) {
        return new Credentials(Kind.NKEY, null, null, UserKey.ofSeed(seed));
    }

    /**
     * The JWT of a user, and the NKey that it names.
     *
     * @throws IllegalArgumentException for a text that is not a user's JWT
     */
    public static Credentials jwt(String jwt, String seed) {
        return new Credentials(Kind.JWT, null, null, UserKey.ofSeed(seed).withJwt(jwt));
    }

    /**
     * What a credentials file holds.
     *
     * @throws IllegalArgumentException for a text without a user's JWT or without its seed
     */
    public static Credentials credentials(String content) {
        return new Credentials(Kind.CONTENT, null, null, UserKey.parse(content));
    }

    /**
     * A credentials file, which is read again for each connection, so that it may be renewed while
     * a job runs.
     *
     * @param path of the file, on every node
     */
    public static Credentials credentialsFile(String path) {
        return new Credentials(Kind.FILE, Objects.requireNonNull(path, "path"), null, null);
    }

    Kind kind() {
        return kind;
    }

    /** The user's name, or null. */
    public @Nullable String user() {
        return kind == Kind.USER ? name : null;
    }

    /** The path of the credentials file, or null. */
    @Nullable String file() {
        return kind == Kind.FILE ? name : null;
    }

    /** The password or the token, or null. */
    @Nullable Secret secret() {
        return secret;
    }

    /** What signs, if it is known here. */
    @Nullable UserKey key() {
        return key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Credentials)) {
            return false;
        }
        Credentials that = (Credentials) other;
        return kind == that.kind
                && Objects.equals(name, that.name)
                && Objects.equals(secret, that.secret)
                && Objects.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, name, secret, key);
    }

    @Override
    public String toString() {
        switch (kind) {
            case NONE:
                return "no login";
            case USER:
                return "user " + name;
            case TOKEN:
                return "a token";
            case FILE:
                return "credentials file " + name;
            default:
                return String.valueOf(key);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/** Exactly one way to log in. */
@PublicEvolving
public final class Credentials implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Credentials NONE = new Credentials(null, null);

    private final @Nullable String user;
    private final @Nullable Secret password;

    private Credentials(@Nullable String user, @Nullable Secret password) {
        this.user = user;
        this.password = password;
    }

    /** No login, or the one that a server URL carries. */
    public static Credentials none() {
        return NONE;
    }

    /** User and password. */
    public static Credentials userPassword(String user, String password) {
        return new Credentials(Objects.requireNonNull(user, "user"), Secret.of(password));
    }

    /** The user's name, or null. */
    public @Nullable String user() {
        return user;
    }

    @Nullable Secret password() {
        return password;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Credentials
                && Objects.equals(user, ((Credentials) other).user)
                && Objects.equals(password, ((Credentials) other).password);
    }

    @Override
    public int hashCode() {
        return Objects.hash(user, password);
    }

    @Override
    public String toString() {
        return user == null ? "no login" : "user " + user;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Which stream this is: a stream that was deleted and made again has the old name but another
 * creation time, and its sequences mean other messages.
 */
@Internal
public final class StreamIdentity implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final Instant created;

    private StreamIdentity(String name, Instant created) {
        this.name = name;
        this.created = created;
    }

    public static StreamIdentity of(String name, Instant created) {
        return new StreamIdentity(
                Objects.requireNonNull(name, "name"), Objects.requireNonNull(created, "created"));
    }

    public String name() {
        return name;
    }

    public Instant created() {
        return created;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamIdentity
                && name.equals(((StreamIdentity) other).name)
                && created.equals(((StreamIdentity) other).created);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, created);
    }

    @Override
    public String toString() {
        return name + " (created " + created + ")";
    }
}

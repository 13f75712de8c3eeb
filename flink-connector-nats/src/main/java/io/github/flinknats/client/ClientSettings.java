// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/** How the client presents itself and behaves. */
@PublicEvolving
public final class ClientSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The prefix of reply subjects when none is set. */
    public static final String DEFAULT_INBOX_PREFIX = "_INBOX";

    private static final String DEFAULT_NAME = "flink-nats";

    private final String name;
    private final String inboxPrefix;
    private final TreeMap<String, String> properties;

    private ClientSettings(String name, String inboxPrefix, Map<String, String> properties) {
        this.name = name;
        this.inboxPrefix = inboxPrefix;
        this.properties = new TreeMap<>(properties);
    }

    static ClientSettings defaults() {
        return new ClientSettings(DEFAULT_NAME, DEFAULT_INBOX_PREFIX, Collections.emptyMap());
    }

    ClientSettings withName(String connectionName) {
        return new ClientSettings(connectionName, inboxPrefix, properties);
    }

    ClientSettings withInboxPrefix(String prefix) {
        String trimmed = prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
        if (trimmed.isEmpty() || !trimmed.matches("[^\\s*>.]+(\\.[^\\s*>.]+)*")) {
            throw new IllegalArgumentException(
                    "'"
                            + prefix
                            + "' is not an inbox prefix: write subject tokens separated by"
                            + " dots, without spaces and wildcards.");
        }
        return new ClientSettings(name, trimmed, properties);
    }

    ClientSettings withProperties(Map<String, String> clientProperties) {
        ClientProperties.check(clientProperties);
        return new ClientSettings(name, inboxPrefix, clientProperties);
    }

    /** The connection's name in the server's list. */
    public String name() {
        return name;
    }

    /** Prefix of reply subjects, without the dot at the end. */
    public String inboxPrefix() {
        return inboxPrefix;
    }

    /** Checked keys without the {@code io.nats.client.} prefix. */
    public Map<String, String> properties() {
        return Collections.unmodifiableMap(properties);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof ClientSettings)) {
            return false;
        }
        ClientSettings that = (ClientSettings) other;
        return name.equals(that.name)
                && inboxPrefix.equals(that.inboxPrefix)
                && properties.equals(that.properties);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, inboxPrefix, properties);
    }

    /** Property values may be anything a user wrote, so only their keys are printed. */
    @Override
    public String toString() {
        return "connection "
                + name
                + ", inbox "
                + inboxPrefix
                + ", properties "
                + properties.keySet();
    }
}

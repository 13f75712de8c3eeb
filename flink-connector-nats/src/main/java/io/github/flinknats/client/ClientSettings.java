// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/** How the client presents itself and behaves. */
@PublicEvolving
public final class ClientSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The prefix of reply subjects when none is set. */
    public static final String DEFAULT_INBOX_PREFIX = "_INBOX";

    /** The prefix of JetStream API subjects when none is set. */
    public static final String DEFAULT_API_PREFIX = "$JS.API";

    private static final String DEFAULT_NAME = "flink-nats";
    private static final Pattern TOKENS = Pattern.compile("[^\\s*>.]+(\\.[^\\s*>.]+)*");

    private final String name;
    private final String inboxPrefix;
    private final String apiPrefix;
    private final TreeMap<String, String> properties;

    private ClientSettings(
            String name, String inboxPrefix, String apiPrefix, Map<String, String> properties) {
        this.name = name;
        this.inboxPrefix = inboxPrefix;
        this.apiPrefix = apiPrefix;
        this.properties = new TreeMap<>(properties);
    }

    static ClientSettings defaults() {
        return new ClientSettings(
                DEFAULT_NAME, DEFAULT_INBOX_PREFIX, DEFAULT_API_PREFIX, Collections.emptyMap());
    }

    ClientSettings withName(String connectionName) {
        return new ClientSettings(connectionName, inboxPrefix, apiPrefix, properties);
    }

    ClientSettings withInboxPrefix(String prefix) {
        return new ClientSettings(name, tokens(prefix, "an inbox prefix"), apiPrefix, properties);
    }

    ClientSettings withApiPrefix(String prefix) {
        return new ClientSettings(name, inboxPrefix, tokens(prefix, "an API prefix"), properties);
    }

    ClientSettings withDomain(String domain) {
        if (domain.indexOf('.') >= 0) {
            throw new IllegalArgumentException(
                    "'" + domain + "' is not a JetStream domain: a domain has no dots.");
        }
        return withApiPrefix("$JS." + tokens(domain, "a JetStream domain") + ".API");
    }

    private static String tokens(String text, String what) {
        String trimmed = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (!TOKENS.matcher(trimmed).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is not "
                            + what
                            + ": write subject tokens separated by dots, without spaces and"
                            + " wildcards.");
        }
        return trimmed;
    }

    ClientSettings withProperties(Map<String, String> clientProperties) {
        ClientProperties.check(clientProperties);
        return new ClientSettings(name, inboxPrefix, apiPrefix, clientProperties);
    }

    /** The connection's name in the server's list. */
    public String name() {
        return name;
    }

    /** Prefix of reply subjects, without the dot at the end. */
    public String inboxPrefix() {
        return inboxPrefix;
    }

    /** Prefix of JetStream API subjects, without the dot at the end. */
    public String apiPrefix() {
        return apiPrefix;
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
                && apiPrefix.equals(that.apiPrefix)
                && properties.equals(that.properties);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, inboxPrefix, apiPrefix, properties);
    }

    /** Property values may be anything a user wrote, so only their keys are printed. */
    @Override
    public String toString() {
        return "connection "
                + name
                + ", inbox "
                + inboxPrefix
                + ", API "
                + apiPrefix
                + ", properties "
                + properties.keySet();
    }
}

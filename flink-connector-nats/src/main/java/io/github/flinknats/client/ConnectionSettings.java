// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/** How to reach and enter a NATS system. Immutable; each {@code with} method returns a copy. */
@PublicEvolving
public final class ConnectionSettings implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ServerList servers;
    private final Credentials credentials;
    private final Timeouts timeouts;
    private final ClientSettings client;

    private ConnectionSettings(
            ServerList servers, Credentials credentials, Timeouts timeouts, ClientSettings client) {
        this.servers = servers;
        this.credentials = credentials;
        this.timeouts = timeouts;
        this.client = client;
    }

    /**
     * Settings for a server list, everything else at its default.
     *
     * @param servers comma-separated {@code host:port} or {@code nats://}, {@code tls://}, {@code
     *     ws://}, {@code wss://} URLs
     * @throws IllegalArgumentException for an entry that is not an address
     */
    public static ConnectionSettings of(String servers) {
        return new ConnectionSettings(
                ServerList.parse(servers),
                Credentials.none(),
                Timeouts.defaults(),
                ClientSettings.defaults());
    }

    public ConnectionSettings withCredentials(Credentials login) {
        return new ConnectionSettings(servers, login, timeouts, client);
    }

    public ConnectionSettings withTimeouts(Timeouts limits) {
        return new ConnectionSettings(servers, credentials, limits, client);
    }

    /** Shown in the server's connection list. */
    public ConnectionSettings withConnectionName(String name) {
        return new ConnectionSettings(servers, credentials, timeouts, client.withName(name));
    }

    /** Prefix of reply subjects, for users who may not subscribe to {@code _INBOX.>}. */
    public ConnectionSettings withInboxPrefix(String prefix) {
        return new ConnectionSettings(
                servers, credentials, timeouts, client.withInboxPrefix(prefix));
    }

    /**
     * Where JetStream answers, instead of {@code $JS.API}: the prefix under which another account's
     * API is imported.
     */
    public ConnectionSettings withApiPrefix(String prefix) {
        return new ConnectionSettings(servers, credentials, timeouts, client.withApiPrefix(prefix));
    }

    /** The JetStream domain to use: the same as the API prefix {@code $JS.<domain>.API}. */
    public ConnectionSettings withDomain(String domain) {
        return new ConnectionSettings(servers, credentials, timeouts, client.withDomain(domain));
    }

    /**
     * Options passed to the NATS client, each as {@code io.nats.client.<key>}.
     *
     * @throws IllegalArgumentException for a key that is unknown, loads a class, or repeats a
     *     setting of this class
     */
    public ConnectionSettings withProperties(Map<String, String> properties) {
        return new ConnectionSettings(
                servers, credentials, timeouts, client.withProperties(properties));
    }

    public ServerList servers() {
        return servers;
    }

    public Credentials credentials() {
        return credentials;
    }

    public Timeouts timeouts() {
        return timeouts;
    }

    public ClientSettings client() {
        return client;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof ConnectionSettings)) {
            return false;
        }
        ConnectionSettings that = (ConnectionSettings) other;
        return servers.equals(that.servers)
                && credentials.equals(that.credentials)
                && timeouts.equals(that.timeouts)
                && client.equals(that.client);
    }

    @Override
    public int hashCode() {
        return Objects.hash(servers, credentials, timeouts, client);
    }

    @Override
    public String toString() {
        return servers + ", " + credentials + ", " + timeouts + ", " + client;
    }
}

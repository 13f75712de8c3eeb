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
    private final @Nullable TlsSettings tls;
    private final Timeouts timeouts;
    private final ClientSettings client;

    private ConnectionSettings(
            ServerList servers,
            Credentials credentials,
            @Nullable TlsSettings tls,
            Timeouts timeouts,
            ClientSettings client) {
        this.servers = servers;
        this.credentials = credentials;
        this.tls = tls;
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
                null,
                Timeouts.defaults(),
                ClientSettings.defaults());
    }

    public ConnectionSettings withCredentials(Credentials login) {
        return new ConnectionSettings(servers, login, tls, timeouts, client);
    }

    /**
     * Encrypts connections to all servers of the list. Without it only those whose URL begins with
     * {@code tls://} or {@code wss://} are encrypted, and trusted by the JDK's own certificates.
     *
     * @throws IllegalArgumentException for a list with {@code ws://}, which has no TLS
     */
    public ConnectionSettings withTls(TlsSettings settings) {
        if (servers.hasPlainWebSocket()) {
            throw new IllegalArgumentException(
                    "A WebSocket with ws:// is not encrypted, and TLS is set: write wss://.");
        }
        return new ConnectionSettings(servers, credentials, settings, timeouts, client);
    }

    public ConnectionSettings withTimeouts(Timeouts limits) {
        return new ConnectionSettings(servers, credentials, tls, limits, client);
    }

    /** Shown in the server's connection list. */
    public ConnectionSettings withConnectionName(String name) {
        return new ConnectionSettings(servers, credentials, tls, timeouts, client.withName(name));
    }

    /** Prefix of reply subjects, for users who may not subscribe to {@code _INBOX.>}. */
    public ConnectionSettings withInboxPrefix(String prefix) {
        return new ConnectionSettings(
                servers, credentials, tls, timeouts, client.withInboxPrefix(prefix));
    }

    /**
     * Where JetStream answers, instead of {@code $JS.API}: the prefix under which another account's
     * API is imported.
     */
    public ConnectionSettings withApiPrefix(String prefix) {
        return new ConnectionSettings(
                servers, credentials, tls, timeouts, client.withApiPrefix(prefix));
    }

    /** The JetStream domain to use: the same as the API prefix {@code $JS.<domain>.API}. */
    public ConnectionSettings withDomain(String domain) {
        return new ConnectionSettings(
                servers, credentials, tls, timeouts, client.withDomain(domain));
    }

    /**
     * Options passed to the NATS client, each as {@code io.nats.client.<key>}.
     *
     * @throws IllegalArgumentException for a key that is unknown, loads a class, or repeats a
     *     setting of this class
     */
    public ConnectionSettings withProperties(Map<String, String> properties) {
        return new ConnectionSettings(
                servers, credentials, tls, timeouts, client.withProperties(properties));
    }

    public ServerList servers() {
        return servers;
    }

    public Credentials credentials() {
        return credentials;
    }

    /** Null unless it was set. */
    public @Nullable TlsSettings tls() {
        return tls;
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
                && Objects.equals(tls, that.tls)
                && timeouts.equals(that.timeouts)
                && client.equals(that.client);
    }

    @Override
    public int hashCode() {
        return Objects.hash(servers, credentials, tls, timeouts, client);
    }

    @Override
    public String toString() {
        return servers
                + ", "
                + credentials
                + (tls == null ? "" : ", " + tls)
                + ", "
                + timeouts
                + ", "
                + client;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/** The servers of one NATS system, checked and without secrets when printed. */
@PublicEvolving
public final class ServerList implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final List<String> SCHEMES = Arrays.asList("nats", "tls", "ws", "wss");

    private final List<String> urls;

    private ServerList(List<String> urls) {
        this.urls = Collections.unmodifiableList(new ArrayList<>(urls));
    }

    /**
     * Parses a comma list of {@code host:port} or URLs; a port left out is the client's default.
     *
     * @throws IllegalArgumentException with the entry that is wrong
     */
    public static ServerList parse(String text) {
        if (text.trim().isEmpty()) {
            throw new IllegalArgumentException(
                    "The server list is empty; write host:port, several separated by commas.");
        }
        // A password may hold any character, so nobody can tell where in a wrong text it ends.
        boolean maySayIt = text.indexOf('@') < 0;
        List<String> urls = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String server = part.trim();
            String entry = maySayIt ? "'" + server + "'" : "Server " + (urls.size() + 1);
            if (server.isEmpty()) {
                throw new IllegalArgumentException(
                        "The server list "
                                + (maySayIt ? "'" + text + "' " : "")
                                + "has an empty entry.");
            }
            String problem = problem(withScheme(server));
            if (problem != null) {
                throw new IllegalArgumentException(entry + ' ' + problem);
            }
            urls.add(withScheme(server));
        }
        return new ServerList(urls);
    }

    private static String withScheme(String server) {
        return server.contains("://") ? server : "nats://" + server;
    }

    private static @Nullable String problem(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return "is not a server address: write host:port or nats://host:port.";
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            return "has the scheme '" + scheme + "'; known are nats, tls, ws and wss.";
        }
        if (uri.getHost() == null) {
            return "names no host, or its port is not a number: write host:port or"
                    + " nats://host:port.";
        }
        return uri.getPort() > 65535 ? "has a port above 65535." : null;
    }

    /** URLs as the client wants them; they may carry user info. */
    List<String> urls() {
        return urls;
    }

    /** Whether a URL asks for TLS. */
    boolean isEncrypted() {
        return urls.stream()
                .map(url -> url.toLowerCase(Locale.ROOT))
                .anyMatch(url -> url.startsWith("tls:") || url.startsWith("wss:"));
    }

    /** Whether a URL carries a login. */
    public boolean hasUserInfo() {
        return urls.stream().anyMatch(url -> url.indexOf('@') >= 0);
    }

    /** Whether a URL wants a WebSocket without TLS, to which options of TLS do not apply. */
    boolean hasPlainWebSocket() {
        return urls.stream().anyMatch(url -> url.toLowerCase(Locale.ROOT).startsWith("ws:"));
    }

    /** The hosts' names or addresses, in the order of the list. */
    List<String> hosts() {
        return urls.stream().map(url -> URI.create(url).getHost()).collect(Collectors.toList());
    }

    /** Host and port of the first server; what a client takes when no port is given, included. */
    public String address() {
        URI first = URI.create(urls.get(0));
        int port = first.getPort();
        if (port < 0) {
            String scheme = first.getScheme().toLowerCase(Locale.ROOT);
            port = scheme.equals("ws") ? 80 : scheme.equals("wss") ? 443 : 4222;
        }
        return first.getHost() + ':' + port;
    }

    /** Takes user info out of everything in the text that looks like a URL. */
    static String mask(String text) {
        return text.replaceAll("(^|//|,\\s*)[^/,@\\s]*@", "$1***@");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerList && urls.equals(((ServerList) other).urls);
    }

    @Override
    public int hashCode() {
        return urls.hashCode();
    }

    @Override
    public String toString() {
        return urls.stream().map(ServerList::mask).collect(Collectors.joining(","));
    }
}

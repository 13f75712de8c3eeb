// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a server says about itself on its monitoring port. Needs no login. */
final class ServerMonitor {

    private static final int TIMEOUT_MILLIS = 5_000;

    private final int port;

    ServerMonitor(int port) {
        this.port = port;
    }

    /** The body, whatever the status; fails only if there is no answer. */
    String text(String path) {
        try {
            HttpURLConnection connection = open(path);
            try (InputStream body =
                    connection.getResponseCode() < 400
                            ? connection.getInputStream()
                            : connection.getErrorStream()) {
                return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no answer from " + path + " on port " + port, e);
        }
    }

    JsonValue json(String path) {
        try {
            return JsonParser.parse(text(path));
        } catch (JsonParseException e) {
            throw new IllegalStateException(path + " did not answer with JSON", e);
        }
    }

    /** Whether {@code /healthz} with this query says ok. */
    boolean healthy(String query) {
        try {
            return open("/healthz" + query).getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Open client connections: id to name (or address, if it has no name). */
    Map<Long, String> connections() {
        Map<Long, String> connections = new TreeMap<>();
        for (JsonValue each : array(json("/connz?limit=100000"), "connections")) {
            long id = JsonValueUtils.readLong(each, "cid", 0);
            String address =
                    JsonValueUtils.readString(each, "ip", "?")
                            + ":"
                            + JsonValueUtils.readInteger(each, "port", 0);
            connections.put(id, JsonValueUtils.readString(each, "name", address));
        }
        return connections;
    }

    /** Consumers of all accounts, as "stream/consumer". */
    List<String> consumers() {
        List<String> consumers = new ArrayList<>();
        JsonValue jsz = json("/jsz?accounts=true&streams=true&consumers=true&limit=100000");
        for (JsonValue account : array(jsz, "account_details")) {
            for (JsonValue stream : array(account, "stream_detail")) {
                for (JsonValue consumer : array(stream, "consumer_detail")) {
                    consumers.add(
                            JsonValueUtils.readString(stream, "name")
                                    + "/"
                                    + JsonValueUtils.readString(consumer, "name"));
                }
            }
        }
        return consumers;
    }

    private HttpURLConnection open(String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        return connection;
    }

    static List<JsonValue> array(JsonValue value, String key) {
        @Nullable List<JsonValue> found = JsonValueUtils.readArray(value, key);
        return found == null ? List.of() : found;
    }
}

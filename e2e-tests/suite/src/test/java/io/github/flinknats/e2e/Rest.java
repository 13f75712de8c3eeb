// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** One of Flink's REST endpoints: of the cluster, or of the SQL gateway. */
final class Rest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    Rest(int port) {
        this.port = port;
    }

    /** The answer as text, whatever its status: errors are read by people. */
    String text(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    JsonValue get(String path) throws IOException, InterruptedException {
        return parse(text(path));
    }

    JsonValue post(String path, String body) throws IOException, InterruptedException {
        return parse(
                send(
                        request(path)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))));
    }

    /** Cancels a job. */
    void patch(String path) throws IOException, InterruptedException {
        send(request(path).method("PATCH", BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(LIMIT);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }

    private static JsonValue parse(String text) {
        try {
            return JsonParser.parse(text);
        } catch (JsonParseException e) {
            throw new IllegalStateException("no JSON: " + text, e);
        }
    }
}

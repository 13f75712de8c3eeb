// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import io.nats.client.Options;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.annotation.Internal;

/**
 * Which options of the NATS client may be passed through. The client itself ignores unknown keys in
 * silence and loads any class it is told to, so the list is closed.
 */
@Internal
public final class ClientProperties {
    private static final String PREFIX = "io.nats.client.";

    private static final String RESOLVE_MODE = "hostnameResolveMode";

    private static final List<String> FLAGS =
            Arrays.asList(
                    "pedantic",
                    "verbose",
                    "norandomize",
                    "noResolveHostnames",
                    "fast.fallback",
                    "ignore.discovered.servers",
                    "force.flush.on.request");

    /** Durations are in milliseconds, or as ISO-8601 writes them. */
    private static final List<String> DURATIONS =
            Arrays.asList(
                    "pinginterval",
                    "cleanupinterval",
                    "writeQueuePushTimeout",
                    "socket.write.timeout",
                    "reconnect.wait",
                    "reconnect.jitter",
                    "reconnect.jitter.tls");

    private static final List<String> NUMBERS =
            Arrays.asList(
                    "maxpings",
                    "socket.read.timeout.ms",
                    "socket.so.linger",
                    "socket.receive.buffer.size",
                    "socket.send.buffer.size",
                    "reconnect.buffer.size",
                    "outgoingqueue.maxmessages",
                    "max.control.line");

    private static final Set<String> ALLOWED = allowedKeys();

    private static final Map<String, String> REFUSED = refused();

    private ClientProperties() {}

    private static Set<String> allowedKeys() {
        Set<String> keys = new TreeSet<>(FLAGS);
        keys.addAll(DURATIONS);
        keys.addAll(NUMBERS);
        keys.add(RESOLVE_MODE);
        return keys;
    }

    private static Map<String, String> refused() {
        Map<String, String> reasons = new TreeMap<>();
        for (String key : Arrays.asList("servers", "url")) {
            reasons.put(key, "set nats.server-url instead");
        }
        reasons.put("username", "set nats.user instead");
        reasons.put("password", "set nats.password instead");
        reasons.put("name", "set nats.connection-name instead");
        reasons.put("timeout", "set nats.connect-timeout instead");
        reasons.put("inbox.prefix", "set nats.inbox-prefix instead");
        reasons.put("reconnect.max", "set nats.outage-timeout instead");
        for (String key :
                Arrays.asList(
                        "token",
                        "token.supplier",
                        "credential.path",
                        "secure",
                        "opentls",
                        "tls.first",
                        "tls.algorithm",
                        "keyStore",
                        "keyStorePassword",
                        "trustStore",
                        "trustStorePassword")) {
            reasons.put(key, "logins and TLS are set by options of their own");
        }
        for (String key :
                Arrays.asList(
                        "callback.connection",
                        "callback.error",
                        "dataport.type",
                        "statisticscollector",
                        "time.trace",
                        "reconnect.delay.handler.class",
                        "reconnect.delay.behavior",
                        "servers.pool.implementation.class",
                        "dispatcher.factory.class",
                        "ssl.context.factory.class",
                        "executor.service.class",
                        "scheduled.executor.service.class",
                        "connect.executor.service.class",
                        "callback.executor.service.class",
                        "reader.executor.service.class",
                        "writer.executor.service.class",
                        "connect.thread.factory.class",
                        "callback.thread.factory.class",
                        "reader.thread.factory.class",
                        "writer.thread.factory.class",
                        "read.listener.class")) {
            reasons.put(key, "it loads code into the cluster");
        }
        for (String key :
                Arrays.asList(
                        "noecho",
                        "noheaders",
                        "nonoresponders",
                        "reportNoResponders",
                        "clientsidelimitchecks",
                        "noSubjectValidation",
                        "allow.utf8.subjects",
                        "strictSubjectValidation",
                        "subjectValidationType",
                        "outgoingqueue.discardwhenfull",
                        "use.old.request.style",
                        "use.timeout.exception",
                        "advanced.request.behavior",
                        "use.dispatcher.with.executor")) {
            reasons.put(key, "the connector depends on its value");
        }
        return reasons;
    }

    /**
     * Checks what users give.
     *
     * @throws IllegalArgumentException naming the first key that is unknown or refused, or whose
     *     value the client would ignore or stumble over, and why
     */
    static void check(Map<String, String> properties) {
        new TreeMap<>(properties)
                .forEach(
                        (key, value) -> {
                            checkKey(key);
                            checkValue(key, value);
                        });
    }

    private static void checkValue(String key, String value) {
        if (FLAGS.contains(key)) {
            require(value.matches("(?i)true|false"), key, value, "true or false");
        } else if (DURATIONS.contains(key)) {
            require(isDuration(value), key, value, "milliseconds, or a duration such as PT5S");
        } else if (NUMBERS.contains(key)) {
            require(value.matches("\\d{1,9}"), key, value, "a whole number of at most nine digits");
        } else {
            require(
                    Options.HostnameResolveMode.get(value) != null,
                    key,
                    value,
                    "one of " + Arrays.toString(Options.HostnameResolveMode.values()));
        }
    }

    private static boolean isDuration(String value) {
        if (value.matches("\\d{1,9}")) {
            return true;
        }
        try {
            return !Duration.parse(value).isNegative();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static void require(boolean holds, String key, String value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "The client property '"
                            + key
                            + "' cannot be '"
                            + value
                            + "': it takes "
                            + expected
                            + ".");
        }
    }

    private static void checkKey(String key) {
        if (ALLOWED.contains(key)) {
            return;
        }
        String reason = REFUSED.get(key);
        if (reason != null) {
            throw new IllegalArgumentException(
                    "The client property '" + key + "' cannot be set: " + reason + ".");
        }
        throw new IllegalArgumentException(
                "The client property '" + key + "' does not exist; known are " + ALLOWED + ".");
    }

    /** All keys that may be set, sorted. */
    public static List<String> allowed() {
        return Collections.unmodifiableList(new ArrayList<>(ALLOWED));
    }

    /** As the client reads them. */
    static Properties toProperties(Map<String, String> properties) {
        Properties result = new Properties();
        properties.forEach((key, value) -> result.setProperty(PREFIX + key, value));
        return result;
    }
}

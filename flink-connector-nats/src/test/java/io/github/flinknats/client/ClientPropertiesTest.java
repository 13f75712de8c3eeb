// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Options;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPropertiesTest {
    private static final String PREFIX = "io.nats.client.";

    private static void check(String key) {
        ClientProperties.check(Collections.singletonMap(key, "x"));
    }

    @Test
    void passesAllowedKeysOn() {
        Map<String, String> properties = new LinkedHashMap<>();
        ClientProperties.allowed().forEach(key -> properties.put(key, "value of " + key));
        assertThatCode(() -> ClientProperties.check(properties)).doesNotThrowAnyException();
        properties.forEach(
                (key, value) ->
                        assertThat(ClientProperties.toProperties(properties))
                                .containsEntry(PREFIX + key, value)
                                .hasSize(properties.size()));
    }

    @Test
    void everyAllowedKeyIsOneOfTheClient() throws IllegalAccessException {
        assertThat(clientKeys()).containsAll(ClientProperties.allowed());
    }

    /** A key that a new client brings must be looked at before users may set it, or not. */
    @Test
    void knowsEveryKeyOfTheClient() throws IllegalAccessException {
        Set<String> unknown = new TreeSet<>();
        for (String key : clientKeys()) {
            try {
                check(key);
            } catch (IllegalArgumentException e) {
                if (e.getMessage().contains("does not exist")) {
                    unknown.add(key);
                }
            }
        }
        assertThat(unknown)
                .as("but for old spellings of keys that are known with dots")
                .containsExactly("ignore_discovered_servers", "servers_pool_implementation_class");
    }

    private static Set<String> clientKeys() throws IllegalAccessException {
        Set<String> keys = new TreeSet<>();
        for (Field field : Options.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())
                    && field.getName().startsWith("PROP_")
                    && field.getType() == String.class) {
                String key = (String) field.get(null);
                keys.add(key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key);
            }
        }
        assertThat(keys).hasSizeGreaterThan(50);
        return keys;
    }

    @ParameterizedTest
    @CsvSource({
        "servers, set nats.server-url instead",
        "username, set nats.user instead",
        "password, set nats.password instead",
        "reconnect.max, set nats.outage-timeout instead",
        "token, logins and TLS are set by options of their own",
        "dataport.type, it loads code into the cluster",
        "noecho, the connector depends on its value"
    })
    void refusesKeysWithAReason(String key, String reason) {
        assertThatThrownBy(() -> check(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The client property '" + key + "' cannot be set: " + reason + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxping", "MAXPINGS", "io.nats.client.maxpings", ""})
    void refusesUnknownKeysAndTellsTheKnown(String key) {
        assertThatThrownBy(() -> check(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The client property '"
                                + key
                                + "' does not exist; known are "
                                + ClientProperties.allowed()
                                + ".");
    }
}

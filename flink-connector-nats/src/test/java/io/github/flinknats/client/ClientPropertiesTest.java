// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Options;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientPropertiesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxping   | 3     | The client property 'maxping' does not exist; known are [",
                "password  | x     | The client property 'password' cannot be set: set nats.password"
                        + " instead.",
                "noecho    | true  | The client property 'noecho' cannot be set: the connector"
                        + " depends on its value.",
                "callback.error | a.B | The client property 'callback.error' cannot be set: it loads"
                        + " code into the cluster.",
                "maxpings  | many  | The client property 'maxpings' cannot be 'many': it takes a"
                        + " whole number of at most nine digits.",
                "maxpings  | -1    | The client property 'maxpings' cannot be '-1': it takes a whole"
                        + " number of at most nine digits.",
                "verbose   | maybe | The client property 'verbose' cannot be 'maybe': it takes true"
                        + " or false.",
                "pinginterval | 5 s | The client property 'pinginterval' cannot be '5 s': it takes"
                        + " milliseconds, or a duration such as PT5S.",
                "pinginterval | -PT5S | The client property 'pinginterval' cannot be '-PT5S': it"
                        + " takes milliseconds, or a duration such as PT5S.",
                "hostnameResolveMode | any | The client property 'hostnameResolveMode' cannot be"
                        + " 'any': it takes one of [ResolveToAll,"
            })
    void refusesWhatTheClientWouldIgnore(String key, String value, String message) {
        assertThatThrownBy(() -> ClientProperties.check(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void theClientReadsWhatIsAllowed() {
        Options options =
                new Options.Builder()
                        .properties(
                                ClientProperties.toProperties(
                                        Map.of(
                                                "pinginterval", "PT5S",
                                                "reconnect.wait", "7",
                                                "verbose", "TRUE",
                                                "maxpings", "4")))
                        .build();

        assertThat(options.getPingInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.getReconnectWait()).isEqualTo(Duration.ofMillis(7));
        assertThat(options.isVerbose()).isTrue();
        assertThat(options.getMaxPingsOut()).isEqualTo(4);
    }

    /**
     * A client of another version may have new keys: each must be allowed or refused on purpose.
     */
    @Test
    void knowsEveryKeyOfTheClient() throws IllegalAccessException {
        TreeSet<String> unknown = new TreeSet<>();
        for (Field field : Options.class.getFields()) {
            if (!field.getName().startsWith("PROP_")) {
                continue;
            }
            String key = ((String) field.get(null)).replace("io.nats.client.", "");
            if (!ClientProperties.allowed().contains(key) && isUnknown(key)) {
                unknown.add(key);
            }
        }

        // Older spellings of keys that are known.
        assertThat(unknown)
                .containsExactly("ignore_discovered_servers", "servers_pool_implementation_class");
        assertThatCode(() -> ClientProperties.check(Collections.emptyMap()))
                .doesNotThrowAnyException();
    }

    private static boolean isUnknown(String key) {
        try {
            ClientProperties.check(Map.of(key, "1"));
            return false;
        } catch (IllegalArgumentException e) {
            return e.getMessage().contains("does not exist");
        }
    }
}

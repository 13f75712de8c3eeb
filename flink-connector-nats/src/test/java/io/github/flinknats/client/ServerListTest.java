// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerListTest {

    @Test
    void takesHostsAndUrls() {
        assertThat(
                        ServerList.parse(
                                        "a, b:4222 ,nats://c:1,tls://d,ws://e:80,wss://f:443,[::1]:4222")
                                .urls())
                .containsExactly(
                        "nats://a",
                        "nats://b:4222",
                        "nats://c:1",
                        "tls://d",
                        "ws://e:80",
                        "wss://f:443",
                        "nats://[::1]:4222");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''           | The server list is empty; write host:port, several separated by commas.",
                "'  '         | The server list is empty; write host:port, several separated by commas.",
                "a,,b         | The server list 'a,,b' has an empty entry.",
                "a,           | The server list 'a,' has an empty entry.",
                "a b          | 'a b' is not a server address: write host:port or nats://host:port.",
                "http://a     | 'http://a' has the scheme 'http'; known are nats, tls, ws and wss.",
                "a:port       | 'a:port' names no host, or its port is not a number: write host:port"
                        + " or nats://host:port.",
                "nats:///x    | 'nats:///x' names no host, or its port is not a number: write"
                        + " host:port or nats://host:port.",
                "a:65536      | 'a:65536' has a port above 65535."
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> ServerList.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void saysWhichServerIsWrongWhenAPasswordMayStandInTheText() {
        assertThatThrownBy(() -> ServerList.parse("a,http://me:s3cret@b"))
                .hasMessage("Server 2 has the scheme 'http'; known are nats, tls, ws and wss.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://me:s3cret@host",
                "nats://me:s3cret@host:port",
                "nats://me:s3cret@host:99999",
                "nats://me:s3cret@",
                "nats://me:s3cret@host,",
                "me:s3cret@ho st",
                "nats://me:s3cret/more@host",
                "nats://me:more@s3cret@host",
                "nats://me:s3cret,more@host",
                "nats://me:more,s3cret@host",
                "nats://me:s3cret more@host",
                "nats://me:more s3cret@host",
                "nats://me:%s3cret@host",
                "nats://s3cret@host,,b",
                "://s3cret@host"
            })
    void neverSaysAPassword(String text) {
        assertThatThrownBy(() -> ServerList.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("s3cret");
    }

    @Test
    void printsServersWithoutUserInfo() {
        ServerList servers = ServerList.parse("nats://me:s3cret@a:1,s3cret@b,c:3,tls://me@d:4");
        assertThat(servers).hasToString("nats://***@a:1,nats://***@b,nats://c:3,tls://***@d:4");
        assertThat(servers.urls())
                .containsExactly(
                        "nats://me:s3cret@a:1", "nats://s3cret@b", "nats://c:3", "tls://me@d:4");
    }

    @Test
    void masksUserInfoInForeignTexts() {
        assertThat(ServerList.mask("Unable to connect to nats://me:s3cret@a:1, tls://s3cret@b:2"))
                .isEqualTo("Unable to connect to nats://***@a:1, tls://***@b:2");
        assertThat(ServerList.mask("nothing to hide: host:4222"))
                .isEqualTo("nothing to hide: host:4222");
    }

    @Test
    void settingsNeverPrintASecret() {
        ConnectionSettings settings =
                ConnectionSettings.of("nats://me:s3cret@host")
                        .withCredentials(Credentials.userPassword("me", "s3cret"));
        assertThat(
                        Arrays.asList(
                                settings.toString(),
                                settings.servers().toString(),
                                settings.credentials().toString(),
                                settings.client().toString(),
                                Failures.at(settings).connectionClosed("").getMessage(),
                                String.valueOf(settings.credentials().secret())))
                .noneMatch(text -> text.contains("s3cret"));
    }
}

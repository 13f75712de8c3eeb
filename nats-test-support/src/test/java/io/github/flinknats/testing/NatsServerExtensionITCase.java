// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.api.StorageType;
import io.nats.client.impl.Headers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NatsServerExtension.class)
class NatsServerExtensionITCase {

    private static final Set<String> NAMES = new HashSet<>();
    private static final Set<String> URLS = new HashSet<>();

    private TestStream first;

    @BeforeAll
    static void sharesTheServer(NatsServer server) {
        URLS.add(server.url());
    }

    @BeforeEach
    void remember(TestStream stream) {
        first = stream;
    }

    @RepeatedTest(3)
    void givesEachTestAStreamOfItsOwn(NatsServer server, TestStream stream, TestStream other) {
        URLS.add(server.url());
        assertThat(URLS).hasSize(1);
        assertThat(stream).isSameAs(first).isNotSameAs(other);
        assertThat(NAMES.add(stream.name())).isTrue();
        assertThat(NAMES.add(other.name())).isTrue();
        assertThat(server.monitor("/jsz?streams=true")).contains("\"streams\": 2");
    }

    @Test
    void writesAndReads(TestStream stream) {
        assertThat(stream.subject("a")).isEqualTo(stream.prefix() + ".a");
        assertThat(stream.publish("a", "one")).isEqualTo(1);
        assertThat(stream.publish("b", new Headers().put("k", "v"), "two")).isEqualTo(2);
        stream.publishMany("c", 3, 5, number -> "m" + number);
        assertThat(stream.payloads()).containsExactly("one", "two", "m3", "m4");
        assertThat(stream.messages().get(1).getHeaders().get("k")).isEqualTo(List.of("v"));
        stream.deleteMessage(2);
        assertThat(stream.payloads()).containsExactly("one", "m3", "m4");
        stream.purge();
        assertThat(stream.payloads()).isEmpty();
        assertThat(stream.lastSequence()).isEqualTo(4);
        stream.delete();
        stream.delete();
    }

    @Test
    void makesOtherStreams(NatsServer server) {
        TestStream stream =
                TestStream.create(
                        server, builder -> builder.storageType(StorageType.Memory).maxMessages(2));
        stream.publishMany("a", 0, 5, number -> "m" + number);
        assertThat(stream.payloads()).containsExactly("m3", "m4");
    }

    @Nested
    @OwnServer
    class WithItsOwnServer {
        @Test
        void isAnotherOne(NatsServer server, TestStream stream) {
            assertThat(URLS).doesNotContain(server.url());
            assertThat(stream.publish("a", "x")).isEqualTo(1);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Credentials;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamConfiguration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Consumers get filters only where they are needed, and nobody gets what was not asked for. */
@ExtendWith(NatsServerExtension.class)
@Timeout(60)
class CursorFiltersITCase {

    private static ReadingThread read(
            TestStream stream, ConnectionSettings how, String... filters) {
        NatsSplit split =
                NatsSplit.of(
                        ReadingThread.splitOf(how, stream).stream(),
                        Arrays.asList(filters),
                        SequenceRange.from(1));
        return ReadingThread.start(how, ReadSettings.defaults(), split);
    }

    private static ReadingThread read(NatsServer server, TestStream stream, String... filters) {
        return read(stream, ConnectionSettings.of(server.url()), filters);
    }

    private static List<String> filtersOfTheOnlyConsumer(TestStream stream) throws Exception {
        List<ConsumerInfo> consumers = stream.management().getConsumers(stream.name());
        assertThat(consumers).hasSize(1);
        ConsumerConfiguration configuration = consumers.get(0).getConsumerConfiguration();
        List<String> filters = configuration.getFilterSubjects();
        return filters == null ? Collections.emptyList() : filters;
    }

    private static void setSubjects(TestStream stream, String... subjects) throws Exception {
        stream.management()
                .updateStream(
                        StreamConfiguration.builder(stream.info().getConfiguration())
                                .subjects(subjects)
                                .build());
    }

    @Test
    void filtersOnTheServerWhatIsNotAll(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a.1", "one");
        stream.publish("b.1", "two");
        stream.publish("a.2", "three");
        try (ReadingThread reader = read(server, stream, stream.subject("a.*"))) {
            reader.awaitCount(2);
            assertThat(reader.read()).containsExactly("one", "three");
            assertThat(filtersOfTheOnlyConsumer(stream)).containsExactly(stream.subject("a.*"));
        }
    }

    @Test
    void leavesOutAFilterThatLetsAllPass(NatsServer server, TestStream stream) throws Exception {
        stream.publish("a.1", "one");
        stream.publish("b", "two");
        try (ReadingThread reader = read(server, stream, stream.subjects())) {
            reader.awaitCount(2);
            assertThat(reader.read()).containsExactly("one", "two");
            assertThat(filtersOfTheOnlyConsumer(stream)).isEmpty();
        }
    }

    @Test
    void keepsOutWhatTheStreamListenedToBefore(NatsServer server, TestStream stream)
            throws Exception {
        stream.publish("a.1", "one");
        stream.publish("b.1", "not asked for");
        setSubjects(stream, stream.subject("a.>"));
        stream.publish("a.2", "two");
        try (ReadingThread reader = read(server, stream, stream.subject("a.>"))) {
            reader.awaitCount(2);
            assertThat(filtersOfTheOnlyConsumer(stream)).isEmpty();
            stream.publish("a.3", "three");
            reader.awaitCount(3);
            assertThat(reader.read()).containsExactly("one", "two", "three");
        }
    }

    @Test
    void keepsOutWhatTheStreamIsMadeToListenTo(NatsServer server, TestStream stream)
            throws Exception {
        setSubjects(stream, stream.subject("a.>"));
        stream.publish("a.1", "one");
        try (ReadingThread reader = read(server, stream, stream.subject("a.>"))) {
            reader.awaitCount(1);
            assertThat(filtersOfTheOnlyConsumer(stream)).isEmpty();
            setSubjects(stream, stream.subject("a.>"), stream.subject("b.>"));
            stream.publishMany("b.1", 0, 30_000, i -> "not asked for");
            stream.publish("a.2", "two");
            reader.awaitCount(2);
            assertThat(reader.read()).containsExactly("one", "two");
        }
    }

    @Test
    @OwnServer(
            login = "admin:top",
            config =
                    "authorization { users: [ {user: admin, password: top}, {user: u, password: p,"
                            + " permissions: {subscribe: \"_INBOX.>\", publish: ["
                            + "\"$JS.API.STREAM.INFO.*\", \"$JS.API.CONSUMER.CREATE.*.*.>\","
                            + "\"$JS.API.CONSUMER.DELETE.>\", \"$JS.API.CONSUMER.MSG.NEXT.>\"]}}"
                            + " ] }")
    void filtersForAUserWhoMustNameWhatIsRead(NatsServer server, TestStream stream)
            throws Exception {
        stream.publish("a.1", "one");
        ConnectionSettings limited =
                ConnectionSettings.of(server.url())
                        .withCredentials(Credentials.userPassword("u", "p"));
        long begin = System.nanoTime();
        try (ReadingThread reader = read(stream, limited, stream.subjects())) {
            reader.awaitCount(1);
            assertThat(System.nanoTime() - begin)
                    .as("waits for no time-out")
                    .isLessThan(4_000_000_000L);
            assertThat(filtersOfTheOnlyConsumer(stream)).containsExactly(stream.subjects());
        }
    }
}

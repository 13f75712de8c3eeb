// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.publish;

import static io.github.flinknats.testing.Direction.FROM_CLIENT;
import static io.github.flinknats.testing.Direction.FROM_SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Credentials;
import io.github.flinknats.client.FailureKind;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.NatsFailure;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.record.Headers;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.DiscardPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything is stored, once where it has an id, or the publisher says why it cannot be. */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(180)
class PublisherITCase {
    private static final int LIMIT_SECONDS = 60;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    private static final int WINDOW = 500;

    private static Publisher publisher(ConnectionSettings connection) {
        return new Publisher(
                connection,
                PublishSettings.of(WINDOW, 1 << 20, connection.timeouts()),
                Failures.at(connection).publishing("publish to", "nats.subject"),
                false);
    }

    private static Publisher publisher(String url) {
        return publisher(ConnectionSettings.of(url));
    }

    private static OutgoingMessage message(String subject, int number) {
        return new OutgoingMessage(
                subject,
                Headers.of(
                        Collections.singletonMap(
                                "Nats-Msg-Id", Collections.singletonList("id" + number))),
                ("m" + number).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(Publisher publisher, TestStream stream, int from, int to)
            throws Exception {
        for (int i = from; i < to; i++) {
            publisher.room().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            publisher.send(message(stream.subject("a"), i));
        }
    }

    private static void flush(Publisher publisher) throws Exception {
        publisher.flush().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static NatsFailure failure(Publisher publisher) throws Exception {
        try {
            flush(publisher);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(NatsFailure.class);
            return (NatsFailure) e.getCause();
        }
        throw new AssertionError("everything was stored");
    }

    private static List<String> messages(int to) {
        return IntStream.range(0, to).mapToObj(i -> "m" + i).collect(Collectors.toList());
    }

    private static void close(Publisher publisher) {
        long start = System.nanoTime();
        publisher.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CLOSE_LIMIT);
    }

    // ------------------------------------------------------------------ it works

    @Test
    void storesMessagesWithTheirHeadersInOrder(NatsServer server, TestStream stream)
            throws Exception {
        try (Publisher publisher = publisher(server.url())) {
            send(publisher, stream, 0, 5_000);
            flush(publisher);
            assertThat(publisher.isPending()).isFalse();
            assertThat(stream.payloads()).isEqualTo(messages(5_000));
            assertThat(stream.messages().get(7).getHeaders().get("Nats-Msg-Id"))
                    .containsExactly("id7");
        }
    }

    @Test
    void neverHasMoreInFlightThanItMay(NatsServer server, TestStream stream) throws Exception {
        try (FaultProxy proxy = FaultProxy.start(server);
                Publisher publisher = publisher(proxy.url())) {
            io.github.flinknats.testing.Fault held =
                    proxy.on(FROM_SERVER, "MSG", "_INBOX", 0).hold();
            for (int i = 0; i < WINDOW; i++) {
                assertThat(publisher.room()).as("room for " + i).isDone();
                publisher.send(message(stream.subject("a"), i));
            }
            CompletableFuture<Void> room = publisher.room();
            assertThat(room).isNotDone();
            held.awaitReached(Duration.ofSeconds(10));
            held.release();
            room.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            flush(publisher);
            assertThat(stream.payloads()).isEqualTo(messages(WINDOW));
        }
    }

    // ------------------------------------------------------------------ it survives

    @Test
    void survivesServerKillsInARow(NatsServer server, TestStream stream) throws Exception {
        try (Publisher publisher = publisher(server.url())) {
            for (int round = 0; round < 3; round++) {
                send(publisher, stream, round * 1_000, round * 1_000 + 1_000);
                server.kill();
                server.restart();
            }
            flush(publisher);
            assertThat(stream.payloads()).isEqualTo(messages(3_000));
        }
    }

    @Test
    void survivesCutsAndLostAcknowledgements(NatsServer server, TestStream stream)
            throws Exception {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            proxy.on(FROM_CLIENT, "HPUB", stream.prefix(), 100).cut();
            proxy.on(FROM_SERVER, "MSG", "_INBOX", 300).cut();
            proxy.on(FROM_SERVER, "MSG", "_INBOX", 700).drop(3);
            ConnectionSettings connection =
                    ConnectionSettings.of(proxy.url())
                            .withTimeouts(Timeouts.defaults().withRequest(Duration.ofMillis(500)));
            try (Publisher publisher = publisher(connection)) {
                send(publisher, stream, 0, 2_000);
                flush(publisher);
                assertThat(stream.payloads()).isEqualTo(messages(2_000));
                assertThat(proxy.accepted()).isGreaterThanOrEqualTo(3);
            }
        }
    }

    /**
     * What the client still holds for a connection that broke must not come ahead of the oldest.
     */
    @Test
    void keepsOrderOverCutsInARow(NatsServer server, TestStream stream) throws Exception {
        try (FaultProxy proxy = FaultProxy.start(server)) {
            for (int cut = 1; cut <= 20; cut++) {
                proxy.on(FROM_CLIENT, "HPUB", stream.prefix(), cut * 333L).cut();
            }
            try (Publisher publisher = publisher(proxy.url())) {
                send(publisher, stream, 0, 10_000);
                flush(publisher);
                assertThat(stream.payloads()).isEqualTo(messages(10_000));
                assertThat(proxy.accepted()).isGreaterThan(10);
            }
        }
    }

    @Test
    void waitsForAServerThatComesLater(NatsServer server, TestStream stream) throws Exception {
        server.kill();
        try (Publisher publisher = publisher(server.url())) {
            send(publisher, stream, 0, 10);
            assertThat(publisher.isPending()).isTrue();
            server.restart();
            flush(publisher);
            assertThat(stream.payloads()).isEqualTo(messages(10));
        }
    }

    // ------------------------------------------------------------------ it says why not

    @Test
    void failsAfterTheOutageTimeout(NatsServer server, TestStream stream) throws Exception {
        ConnectionSettings connection =
                ConnectionSettings.of(server.url())
                        .withTimeouts(Timeouts.defaults().withOutage(Duration.ofSeconds(1)));
        try (Publisher publisher = publisher(connection)) {
            send(publisher, stream, 0, 10);
            flush(publisher);
            server.kill();
            publisher.send(message(stream.subject("a"), 10));
            NatsFailure failure = failure(publisher);
            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.sentence())
                    .startsWith(
                            "Cannot publish to subject "
                                    + stream.subject("a")
                                    + " on "
                                    + server.url()
                                    + ", because for 1 s nothing was acknowledged: ")
                    .contains("'nats.outage-timeout'");
        }
        server.restart();
    }

    @Test
    void failsWhenNoStreamCarriesTheSubject(NatsServer server) throws Exception {
        try (Publisher publisher = publisher(server.url())) {
            publisher.send(message("nobody.listens", 1));
            NatsFailure failure = failure(publisher);
            assertThat(failure.kind()).isEqualTo(FailureKind.MISSING);
            assertThat(failure.sentence())
                    .isEqualTo(
                            "Cannot publish to subject nobody.listens on "
                                    + server.url()
                                    + ", because no stream carries the subject. Please create"
                                    + " one, or correct 'nats.subject'.");
        }
    }

    @Test
    void failsWhenTheStreamIsFull(NatsServer server) throws Exception {
        TestStream stream =
                TestStream.create(
                        server, builder -> builder.maxMessages(5).discardPolicy(DiscardPolicy.New));
        try (Publisher publisher = publisher(server.url())) {
            send(publisher, stream, 0, 6);
            NatsFailure failure = failure(publisher);
            assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(failure.sentence())
                    .contains("because it says: maximum messages exceeded (code 10077)")
                    .contains("let it discard old ones");
            assertThat(stream.payloads()).isEqualTo(messages(5));
        }
    }

    @Test
    void failsWhenTheMessageIsTooLargeForTheStream(NatsServer server) throws Exception {
        TestStream stream = TestStream.create(server, builder -> builder.maximumMessageSize(100));
        try (Publisher publisher = publisher(server.url())) {
            publisher.send(
                    new OutgoingMessage(stream.subject("a"), Headers.empty(), new byte[200]));
            assertThat(failure(publisher).sentence())
                    .contains("(code 10054)")
                    .contains("max_msg_size");
        }
    }

    @Test
    void failsWhenTheMessageIsTooLargeForTheServer(NatsServer server, TestStream stream)
            throws Exception {
        try (Publisher publisher = publisher(server.url())) {
            Headers header =
                    Headers.of(Collections.singletonMap("h", Collections.singletonList("v")));
            publisher.send(
                    new OutgoingMessage(stream.subject("a"), header, new byte[(1 << 20) - 5]));
            assertThat(failure(publisher).sentence())
                    .contains("because it has 1048588 bytes with its headers")
                    .contains("the server takes 1048576")
                    .contains("'max_payload'");
            assertThat(server.log()).doesNotContain("maximum payload exceeded");
        }
    }

    @Test
    @OwnServer(
            config =
                    "authorization { users = [ {user: all, password: p}, {user: some, password: p,"
                            + " permissions: {publish: [\"$JS.API.>\"], subscribe: \"_INBOX.>\"}} ]"
                            + " }",
            login = "all:p")
    void failsWhenTheUserMayNotPublish(NatsServer server, TestStream stream) throws Exception {
        ConnectionSettings connection =
                ConnectionSettings.of(server.url())
                        .withCredentials(Credentials.userPassword("some", "p"));
        try (Publisher publisher = publisher(connection)) {
            long start = System.nanoTime();
            publisher.send(message(stream.subject("a"), 1));
            NatsFailure failure = failure(publisher);
            assertThat(failure.kind()).isEqualTo(FailureKind.AUTHORIZATION);
            assertThat(failure.sentence())
                    .contains("because the user lacks a permission")
                    .contains("Permissions Violation for Publish to \"" + stream.subject("a"));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("without waiting for the answer that never comes")
                    .isLessThan(Timeouts.defaults().request());
        }
    }

    @Test
    void failsWhenSomebodyElseAnswers(NatsServer server) throws Exception {
        try (io.nats.client.Connection other = server.connect();
                Publisher publisher = publisher(server.url())) {
            io.nats.client.Dispatcher service = other.createDispatcher();
            service.subscribe(
                    "a.service", asked -> other.publish(asked.getReplyTo(), new byte[] {'O', 'K'}));
            other.flush(Duration.ofSeconds(5));
            publisher.send(message("a.service", 1));
            NatsFailure failure = failure(publisher);
            assertThat(failure.sentence())
                    .contains("its answer cannot be understood: it is not JSON.");
        }
    }

    // ------------------------------------------------------------------ it lets go

    @Test
    void closesAtOnceWhateverTheServerDoes(NatsServer server, TestStream stream) throws Exception {
        close(publisher(server.url()));

        Publisher idle = publisher(server.url());
        send(idle, stream, 0, 1);
        flush(idle);
        close(idle);

        Publisher stuck = publisher(server.url());
        send(stuck, stream, 1, 2);
        flush(stuck);
        server.pause();
        send(stuck, stream, 2, 400);
        CompletableFuture<Void> flushed = stuck.flush();
        close(stuck);
        assertThat(flushed).isCancelled();
        server.resume();

        server.kill();
        Publisher homeless = publisher(server.url());
        send(homeless, stream, 2, 3);
        close(homeless);
        server.restart();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What failures say, word by word, where no server can be brought to cause them. */
class FailureTextsTest {
    private static final ConnectionSettings SETTINGS = ConnectionSettings.of("h");
    private static final String SERVER = "nats://h";
    private static final Failures FAILURES = Failures.at(SETTINGS);
    private static final ApiCall CALL = new ApiCall("$JS.API.X", "look up stream ORDERS");
    private static final PublishFailures PUBLISHING =
            FAILURES.publishing("publish to", "sink.subject");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "10025 | The server does not know a field of the request: it may be older than 2.10,"
                        + " which is the oldest supported.",
                "10026 | The account or stream allows no further consumer: raise its limit, or read"
                        + " fewer filters at once with 'scan.ordering' = 'stream'.",
                "10037 | It expired or was deleted, or was never there.",
                "10039 | JetStream is not enabled for the account of this user: log in with another"
                        + " 'nats.user', enable it, or, when another account's JetStream is"
                        + " imported, set 'nats.api-prefix'.",
                "10054 | The stream allows no message of this size: raise its limit (max_msg_size).",
                "10059 | Check 'nats.stream' and 'nats.subject', and the account that the user"
                        + " belongs to.",
                "10060 | Another stream carries the subject than the one that was named.",
                "10077 | The stream does not take the message; where it has reached a limit and"
                        + " discards new messages, raise the limit or let it discard old ones.",
                "10084 | A work-queue stream cannot be replayed: set 'scan.durable-consumer'.",
                "10097 | A server takes at most 64 KiB of headers with a message.",
                "10109 | The stream is sealed, which cannot be undone: use another one.",
                "10138 | Two entries of 'nats.subject' overlap: write them so that no subject fits"
                        + " both.",
                "10166 | The stream lets no message have a lifetime of its own: allow it"
                        + " (allow_msg_ttl), or leave the metadata column 'ttl' NULL."
            })
    void whatJetStreamRefusesComesWithARemedy(int code, String remedy) {
        assertThat(FAILURES.refused(CALL, 400, code, "the reason"))
                .hasMessage(
                        "Cannot look up stream ORDERS on "
                                + SERVER
                                + ", because it says: the reason (code "
                                + code
                                + "). "
                                + remedy);
    }

    @Test
    void aLostConnectionSaysWhy() {
        assertThat(FAILURES.connectionClosed(""))
                .hasMessage("Lost the connection to " + SERVER + ".");
        assertThat(FAILURES.connectionClosed("the client gave it up"))
                .hasMessage("Lost the connection to " + SERVER + ": the client gave it up.");
    }

    @Test
    void aServerThatIsNotReachedIsTold() {
        ConnectFailures failures = new ConnectFailures(SETTINGS);
        assertThat(failures.cannotConnect(new UnknownHostException("nowhere"), "", null).sentence())
                .contains("because the host name is unknown: nowhere. Please check");
        assertThat(failures.cannotConnect(new TimeoutException(), "", null).sentence())
                .contains("because it did not answer in time. Please check");
    }

    @Test
    void aFileThatIsNotReadableIsTold() {
        assertThat(
                        new ConnectFailures(SETTINGS)
                                .unreadable(
                                        "key /k",
                                        new AccessDeniedException("/k"),
                                        "nats.tls.key-file"))
                .hasMessage(
                        "Cannot connect to nats://h with the key /k, because the process may not"
                                + " read it. Please correct 'nats.tls.key-file'; the file must be on"
                                + " every node of the cluster.");
    }

    @Test
    void aFileThatIsNotBase64IsTold(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("k.pem");
        assertUnreadable(file, "A", "A block of it is not Base64.");
        for (String garbage : List.of("!!!", "AAAA", "BAEA")) {
            assertUnreadable(
                    file,
                    garbage,
                    "It holds no key that can be read; openssl pkcs8 -topk8 writes one.");
        }
    }

    private static void assertUnreadable(Path file, String block, String problem)
            throws IOException {
        for (String kind : List.of("", "RSA ", "EC ")) {
            String mark = kind + "PRIVATE KEY-----\n";
            Files.writeString(file, "-----BEGIN " + mark + block + "\n-----END " + mark);
            assertThatThrownBy(() -> PemFile.read(file.toString()).key(null))
                    .as(kind + block)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(problem);
        }
    }

    @Test
    void whatIsNotAnsweredIsTold() {
        assertThat(FAILURES.timeout(CALL, Duration.ofMillis(1_500)))
                .hasMessage(
                        "Cannot look up stream ORDERS on nats://h, because it did not answer within"
                                + " 1500 ms. If it is only slow, raise 'nats.request-timeout'.");
        assertThat(FAILURES.interrupted(CALL, null))
                .hasMessage(
                        "Cannot look up stream ORDERS on nats://h, because the connection broke.");
    }

    @Test
    void publishingSaysWhatItWaitsForAndWhatIsOurFault() {
        assertThat(PUBLISHING.stuck(Duration.ofSeconds(9)))
                .hasMessage(
                        "Cannot publish to any subject on nats://h, because messages are still on"
                                + " their way after 9 s. Flink's restart strategy decides what"
                                + " comes next; to fail earlier, lower 'nats.outage-timeout'.");
        assertThat(PUBLISHING.unexpected(new IllegalStateException("x")))
                .hasMessage(
                        "Cannot publish to any subject on nats://h, because x. Please report this.");
        assertThat(PUBLISHING.severalDomains("s"))
                .hasMessage(
                        "Cannot publish to subject s on nats://h, in one go with others, because"
                                + " streams of several JetStream domains answer; each message goes"
                                + " for itself.");
        assertThat(
                        FAILURES.publishing("send a dead letter to", "scan.dead-letter.subject")
                                .outage(
                                        "dead",
                                        Duration.ofSeconds(9),
                                        "dead letters are still on their way",
                                        null)
                                .sentence())
                .startsWith(
                        "Cannot send a dead letter to subject dead on nats://h, because for 9 s"
                                + " nothing was acknowledged: dead letters are still on their way.");
        assertThat(
                        PUBLISHING
                                .outage(
                                        "s",
                                        Duration.ofSeconds(9),
                                        "there was no connection yet",
                                        null)
                                .sentence())
                .contains("nothing was acknowledged: there was no connection yet. Flink's");
    }

    @Test
    void committingSaysWhatItWaitsFor() {
        CommitFailures failures = CommitFailures.at(SETTINGS);
        assertThat(failures.unprepared(Duration.ofSeconds(9), "nobody is there.", null))
                .hasMessage(
                        "Cannot look up the streams to write to on nats://h, because for 9 s this"
                                + " failed: nobody is there. Flink's restart strategy decides what"
                                + " comes next; to wait longer, raise 'nats.outage-timeout'.");
        assertThat(failures.silent("ORDERS", Duration.ofSeconds(9)))
                .hasMessage(
                        "Cannot commit to stream ORDERS on nats://h, because it did not answer"
                                + " within 9 s. If it is only slow, raise 'nats.request-timeout'.");
        assertThat(
                        failures.interrupted(
                                "ORDERS",
                                new IllegalStateException("a message got lost on the way")))
                .hasMessage(
                        "Cannot commit to stream ORDERS on nats://h, because a message got lost on"
                                + " the way.");
    }

    @Test
    void aConsumerWithPriorityGroupsDoesNotFit() throws JsonParseException {
        ConsumerFacts facts =
                ConsumerFacts.parse(
                        JsonParser.parse(
                                "{\"created\":\"2026-01-01T00:00:00Z\",\"config\":{"
                                        + "\"ack_policy\":\"explicit\",\"ack_wait\":30000000000,"
                                        + "\"priority_groups\":[\"a\"]}}"));
        assertThat(facts.faults())
                .isEqualTo(List.of("its 'priority_groups' are set: they must not be"));
    }
}

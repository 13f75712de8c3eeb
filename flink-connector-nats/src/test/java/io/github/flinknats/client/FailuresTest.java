// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.table.config.NatsOptions;
import io.nats.client.AuthenticationException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailuresTest {
    private static final ConnectionSettings SETTINGS =
            ConnectionSettings.of("nats://me:s3cret@host:4222,other:4222");
    private static final String SERVERS = "nats://***@host:4222,nats://other:4222";
    private static final Failures FAILURES = Failures.at(SETTINGS);
    private static final ApiCall CALL = new ApiCall("$JS.API.X", "look up stream ORDERS");
    private static final Pattern QUOTED = Pattern.compile("'([a-z]+[.][a-z.-]+)'");

    /** One failure of each maker, by the maker's name. */
    private static Map<String, NatsFailure> all() {
        Map<String, NatsFailure> all = new LinkedHashMap<>();
        IOException cause = new IOException("connection refused to nats://me:s3cret@host:4222.");
        ConnectFailures connecting = new ConnectFailures(SETTINGS);
        all.put("cannotConnect", connecting.cannotConnect(cause, "", null));
        all.put("expired", connecting.expired(Credentials.credentialsFile("/u"), Instant.EPOCH));
        all.put("unreadable", connecting.unreadable("key k", cause, "nats.tls.key-file"));
        all.put("unusable", connecting.unusable("key k", "It is empty.", "nats.tls.key-file"));
        all.put("connectionClosed", FAILURES.connectionClosed("closed by the user"));
        all.put("timeout", FAILURES.timeout(CALL, Duration.ofMillis(1_500)));
        all.put("noResponder", FAILURES.noResponder(CALL));
        all.put("interrupted", FAILURES.interrupted(CALL, cause));
        all.put("forbidden", FAILURES.forbidden(CALL, "Permissions Violation"));
        all.put("refused", FAILURES.refused(CALL, 404, 10059, "stream not found"));
        all.put("garbled", FAILURES.garbled(CALL, cause));
        all.put(
                "streamNotFound",
                FAILURES.streamNotFound(Collections.singletonList("a"), Collections.emptyList()));
        all.put(
                "notInStream",
                FAILURES.notInStream(
                        "ORDERS", Collections.singletonList("a"), Collections.singletonList("b")));
        all.put(
                "cannotChange",
                FAILURES.cannotChange("stream ORDERS, subjects [a]", "they overlap", "keep them"));
        all.put("notReplayable", FAILURES.notReplayable("ORDERS", "workqueue"));
        all.put(
                "dataLoss",
                FAILURES.dataLoss("ORDERS", "all subjects", "it was purged", "go on at 5"));
        all.put("outage", FAILURES.outage("ORDERS", 17, Duration.ofMinutes(1), "no server", cause));
        all.put("readRefused", FAILURES.readRefused("ORDERS", 17, "409 Exceeded"));
        all.put("undecodable", Failures.undecodable("ORDERS", 17, "orders.eu", cause));
        all.put(
                "unwritable",
                Failures.unwritable(new IOException("The subject of nats://me:s3cret@h is bad.")));
        all.put("deadLetterLoop", FAILURES.deadLetterLoop("dead", "ORDERS"));
        return all;
    }

    private static Set<String> options() {
        return Stream.concat(NatsOptions.required().stream(), NatsOptions.optional().stream())
                .map(ConfigOption::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void namesOnlyOptionsThatExist(String text) {
        Matcher quoted = QUOTED.matcher(text);
        while (quoted.find()) {
            assertThat(options()).as(text).contains(quoted.group(1));
        }
    }

    /** Names of the methods that make failures for others. */
    private static Stream<String> makers(Class<?>... classes) {
        return Arrays.stream(classes)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.getReturnType() == NatsFailure.class)
                .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                .map(Method::getName);
    }

    @Test
    void everyMakerIsTestedHere() {
        assertThat(makers(Failures.class, ConnectFailures.class))
                .containsExactlyInAnyOrderElementsOf(all().keySet());
    }

    @Test
    void everyTextSaysWhatWhereAndWhy() {
        all().forEach(
                        (maker, failure) -> {
                            String text = failure.sentence();
                            assertThat(text)
                                    .as(maker)
                                    .startsWith(
                                            maker.equals("connectionClosed") ? "Lost " : "Cannot ");
                            assertThat(text).as(maker).endsWith(".").doesNotContain("..");
                            assertThat(text).as(maker).doesNotContain("s3cret");
                            assertThat(failure).as(maker).hasMessage(text);
                            assertThat(ExceptionUtils.stringifyException(failure))
                                    .as(maker)
                                    .doesNotContain("s3cret");
                            if (!maker.equals("undecodable") && !maker.equals("unwritable")) {
                                // Formats do not know where a message comes from or goes.
                                assertThat(text).as(maker).contains(SERVERS);
                            }
                            if (!maker.equals("connectionClosed")
                                    && !maker.equals("streamNotFound")) {
                                assertThat(text).as(maker).contains("because ");
                            }
                            namesOnlyOptionsThatExist(text);
                        });
    }

    @Test
    void durableFailuresSayWhatWhereAndWhy() {
        DurableFailures durable = FAILURES.durable("ORDERS", "d");
        Map<NatsFailure, FailureKind> kinds = new LinkedHashMap<>();
        kinds.put(durable.missing(), FailureKind.MISSING);
        kinds.put(
                durable.incompatible(Arrays.asList("it pushes", "it is paused")),
                FailureKind.CONFIGURATION);
        kinds.put(durable.gone("it was deleted"), FailureKind.DATA_LOSS);
        kinds.put(durable.otherState("durable consumer e"), FailureKind.CONFIGURATION);
        kinds.forEach(
                (failure, kind) -> {
                    assertThat(failure.sentence())
                            .startsWith("Cannot ")
                            .contains("stream ORDERS on " + SERVERS + " through durable consumer d")
                            .contains("because ")
                            .endsWith(".");
                    assertThat(failure.kind()).isEqualTo(kind);
                    assertThat(failure.isRetriable()).isFalse();
                    namesOnlyOptionsThatExist(failure.sentence());
                });
        assertThat(durable.incompatible(Arrays.asList("it pushes", "it is paused")).sentence())
                .contains("because it pushes; it is paused. Please");
    }

    /** One failure of each maker of {@link CommitFailures}, by the maker's name. */
    private static Map<String, NatsFailure> allOfCommitting() {
        CommitFailures failures = CommitFailures.at(SETTINGS);
        IOException cause = new IOException("connection refused to nats://me:s3cret@host:4222.");
        Map<String, NatsFailure> all = new LinkedHashMap<>();
        all.put("recreated", failures.recreated("ORDERS"));
        all.put("setBack", failures.setBack("ORDERS", 9, 7));
        all.put("purged", failures.purged("ORDERS", 9, 3));
        all.put("forgotten", failures.forgotten("ORDERS", 9, Duration.ofMinutes(2)));
        all.put("outage", failures.outage("ORDERS", Duration.ofMinutes(1), "no server.", cause));
        all.put("silent", failures.silent("ORDERS", Duration.ofSeconds(1)));
        all.put("interrupted", failures.interrupted("ORDERS", cause));
        all.put("unprepared", failures.unprepared(Duration.ofMinutes(1), "no server.", cause));
        all.put("tooMuch", CommitFailures.tooMuch(3 << 20, 2 << 20));
        all.put("tooLarge", failures.tooLarge("a", 20, 10, "max_payload"));
        all.put("claimed", failures.claimed("orders", "a123"));
        return all;
    }

    @Test
    void failuresOfCommittingSayWhatWhereAndWhyToo() {
        Map<String, NatsFailure> all = allOfCommitting();
        assertThat(makers(CommitFailures.class)).containsExactlyInAnyOrderElementsOf(all.keySet());
        Map<String, String> kinds = new LinkedHashMap<>();
        all.forEach(
                (maker, failure) -> {
                    assertThat(failure.sentence())
                            .as(maker)
                            .startsWith("Cannot ")
                            .contains("because ")
                            .endsWith(".")
                            .doesNotContain("..")
                            .doesNotContain("s3cret");
                    if (!maker.equals("tooMuch")) {
                        assertThat(failure.sentence()).as(maker).contains(SERVERS);
                    }
                    namesOnlyOptionsThatExist(failure.sentence());
                    kinds.put(maker, failure.kind() + (failure.isRetriable() ? " again" : ""));
                });
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("recreated", "DATA_LOSS");
        expected.put("setBack", "DATA_LOSS");
        expected.put("purged", "DATA_LOSS");
        expected.put("forgotten", "DATA_LOSS");
        expected.put("outage", "UNAVAILABLE again");
        expected.put("silent", "UNAVAILABLE again");
        expected.put("interrupted", "UNAVAILABLE again");
        expected.put("unprepared", "UNAVAILABLE again");
        expected.put("tooMuch", "REFUSED");
        expected.put("tooLarge", "REFUSED");
        expected.put("claimed", "CONFIGURATION");
        assertThat(kinds).isEqualTo(expected);
    }

    @Test
    void sentencesReadLikeThis() {
        assertThat(all().get("outage").sentence())
                .isEqualTo(
                        "Cannot go on reading stream ORDERS on "
                                + SERVERS
                                + " at sequence 17, because for 60 s nothing could be read: no"
                                + " server. Flink's restart strategy decides what comes next; to"
                                + " wait longer, raise 'nats.outage-timeout'.");
        assertThat(all().get("timeout").sentence())
                .isEqualTo(
                        "Cannot look up stream ORDERS on "
                                + SERVERS
                                + ", because it did not answer within 1500 ms. If it is only slow,"
                                + " raise 'nats.request-timeout'.");
        assertThat(all().get("interrupted").sentence())
                .isEqualTo(
                        "Cannot look up stream ORDERS on "
                                + SERVERS
                                + ", because connection refused to nats://***@host:4222.");
    }

    @Test
    void kindsSayWhetherTryingAgainMayHelp() {
        Map<String, String> kinds = new LinkedHashMap<>();
        all().forEach(
                        (maker, failure) ->
                                kinds.put(
                                        maker,
                                        failure.kind() + (failure.isRetriable() ? " again" : "")));
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("cannotConnect", "UNAVAILABLE again");
        expected.put("expired", "AUTHORIZATION");
        expected.put("unreadable", "CONFIGURATION");
        expected.put("unusable", "CONFIGURATION");
        expected.put("connectionClosed", "UNAVAILABLE again");
        expected.put("timeout", "UNAVAILABLE again");
        expected.put("noResponder", "UNAVAILABLE again");
        expected.put("interrupted", "UNAVAILABLE again");
        expected.put("forbidden", "AUTHORIZATION");
        expected.put("refused", "MISSING");
        expected.put("garbled", "BUG");
        expected.put("streamNotFound", "MISSING");
        expected.put("notInStream", "CONFIGURATION");
        expected.put("cannotChange", "CONFIGURATION");
        expected.put("notReplayable", "CONFIGURATION");
        expected.put("dataLoss", "DATA_LOSS");
        expected.put("outage", "UNAVAILABLE again");
        expected.put("readRefused", "REFUSED");
        expected.put("undecodable", "BAD_RECORD");
        expected.put("unwritable", "BAD_RECORD");
        expected.put("deadLetterLoop", "CONFIGURATION");
        assertThat(kinds).isEqualTo(expected);
    }

    /** As the JDK and the client say it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PKIX path building failed: unable to find valid certification path|NOT_TRUSTED",
                "No subject alternative DNS name matching a found.|OTHER_HOST",
                "NotAfter: Wed Jan 01 00:00:00 UTC 2020|EXPIRED",
                "Received fatal alert: bad_certificate|NO_CLIENT_CERTIFICATE",
                "SSL required by server.|TLS_REQUIRED",
                "SSL connection wanted by client.|TLS_NOT_OFFERED",
                "Unsupported or unrecognized SSL message|TLS_NOT_FIRST"
            })
    void problemsOfTlsSayWhatToChange(String said, ConnectProblem problem) {
        IOException seen = new IOException(new SSLException("failed", new IOException(said)));
        NatsFailure failure =
                new ConnectFailures(SETTINGS).cannotConnect(new IOException("all"), "", seen);
        assertThat(failure.sentence())
                .startsWith("Cannot connect to " + SERVERS + ", because " + problem.meaning())
                .endsWith("Please " + problem.remedy() + ".");
        assertThat(failure.isRetriable()).isFalse();
        namesOnlyOptionsThatExist(failure.sentence());
    }

    @Test
    void aRefusedLoginSaysWhichLoginAndWhatToSet() {
        IOException cause = new IOException("nats: Authorization Violation");
        NatsFailure without = new ConnectFailures(SETTINGS).cannotConnect(cause, "", null);
        assertThat(without.kind()).isEqualTo(FailureKind.AUTHORIZATION);
        assertThat(without.isRetriable()).isFalse();
        assertThat(without.sentence())
                .isEqualTo(
                        "Cannot log in to "
                                + SERVERS
                                + " (no login), because the server says: nats: Authorization"
                                + " Violation. Please set 'nats.user' and 'nats.password', or another"
                                + " way to log in.");

        NatsFailure with =
                new ConnectFailures(
                                SETTINGS.withCredentials(Credentials.userPassword("joe", "s3cret")))
                        .cannotConnect(new AuthenticationException("no"), "", null);
        assertThat(with.sentence())
                .isEqualTo(
                        "Cannot log in to "
                                + SERVERS
                                + " (user joe), because the server says: no. Please check"
                                + " 'nats.user' and 'nats.password'.");
    }

    /** One failure of each maker of {@link PublishFailures}, by the maker's name. */
    private static Map<String, NatsFailure> allOfPublishing() {
        PublishFailures failures = FAILURES.publishing("publish to", "nats.subject");
        Map<String, NatsFailure> all = new LinkedHashMap<>();
        IOException cause = new IOException("connection refused to nats://me:s3cret@host:4222.");
        all.put("refused", failures.refused("dead", 404, 10059, "stream not found"));
        all.put("unanswered", failures.unanswered("dead"));
        all.put("severalDomains", failures.severalDomains("dead"));
        all.put("noStream", failures.noStream("dead"));
        all.put("tooLarge", failures.tooLarge("dead", 2_000, 1_000));
        all.put("forbidden", failures.forbidden("dead", "Permissions Violation"));
        all.put("garbled", failures.garbled("dead", cause));
        all.put("interrupted", failures.interrupted("dead", cause));
        all.put("unsendable", failures.unsendable("dead", cause));
        all.put("unexpected", failures.unexpected(cause));
        all.put("stuck", failures.stuck(Duration.ofMinutes(2)));
        all.put("outage", failures.outage("dead", Duration.ofMinutes(1), "no server.", cause));
        return all;
    }

    @Test
    void failuresOfPublishingSayWhatWhereAndWhyToo() {
        Map<String, NatsFailure> all = allOfPublishing();
        assertThat(makers(PublishFailures.class)).containsExactlyInAnyOrderElementsOf(all.keySet());
        Map<String, String> kinds = new LinkedHashMap<>();
        all.forEach(
                (maker, failure) -> {
                    assertThat(failure.sentence())
                            .as(maker)
                            .startsWith("Cannot publish to ")
                            .contains(SERVERS)
                            .contains("because ")
                            .endsWith(".")
                            .doesNotContain("..")
                            .doesNotContain("s3cret");
                    if (!maker.equals("unexpected") && !maker.equals("stuck")) {
                        assertThat(failure.sentence()).as(maker).contains("subject dead");
                    }
                    namesOnlyOptionsThatExist(failure.sentence());
                    kinds.put(maker, failure.kind() + (failure.isRetriable() ? " again" : ""));
                });
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("refused", "MISSING");
        expected.put("unanswered", "UNAVAILABLE again");
        expected.put("severalDomains", "UNAVAILABLE again");
        expected.put("noStream", "MISSING");
        expected.put("tooLarge", "REFUSED");
        expected.put("forbidden", "AUTHORIZATION");
        expected.put("garbled", "BUG");
        expected.put("interrupted", "UNAVAILABLE again");
        expected.put("unsendable", "REFUSED");
        expected.put("unexpected", "BUG");
        expected.put("stuck", "UNAVAILABLE again");
        expected.put("outage", "UNAVAILABLE again");
        assertThat(kinds).isEqualTo(expected);
    }

    @Test
    void aReasonIsTheOuterAndTheInnermostOneAndNeverLong() {
        Throwable root = new IllegalStateException("the root.");
        assertThat(Failures.reason(root)).isEqualTo("the root");
        assertThat(Failures.reason(new IOException("outside", new IOException("between", root))))
                .isEqualTo("outside: the root");
        assertThat(Failures.reason(new IOException(root)))
                .isEqualTo("java.lang.IllegalStateException: the root");
        assertThat(Failures.reason(new IOException("x".repeat(10_000), root)))
                .isEqualTo("x".repeat(500) + "…: the root");
    }

    @Test
    void severalStreamsAreAnotherMistakeThanNone() {
        NatsFailure failure =
                FAILURES.streamNotFound(
                        Collections.singletonList("a"), Arrays.asList("ONE", "TWO"));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION);
        assertThat(failure.sentence())
                .isEqualTo(
                        "Cannot choose a stream on "
                                + SERVERS
                                + " for [a], because several carry some of it: [ONE, TWO]. Please"
                                + " set 'nats.stream' to one of them.");
        namesOnlyOptionsThatExist(failure.sentence());
    }

    @ParameterizedTest
    @EnumSource(ApiError.class)
    void everyKnownCodeHasAKindAndAHintThatHelps(ApiError error) {
        namesOnlyOptionsThatExist(error.hint());
        assertThat(error.hint())
                .satisfiesAnyOf(
                        hint -> assertThat(hint).isEmpty(), hint -> assertThat(hint).endsWith("."));
        assertThat(ApiError.of(error.code())).isEqualTo(error);
        assertThat(error.isRetriable())
                .as("what may pass by itself is unavailable, or a consumer made anew")
                .isEqualTo(
                        error.kind() == FailureKind.UNAVAILABLE
                                || error == ApiError.CONSUMER_NOT_FOUND);
        if (!error.isRetriable() && error != ApiError.OTHER) {
            assertThat(error.hint()).isNotEmpty();
        }

        NatsFailure failure = FAILURES.refused(CALL, 400, error.code(), "the reason");
        assertThat(failure.isRetriable()).isEqualTo(error.isRetriable());
        assertThat(failure.kind())
                .isEqualTo(error.isRetriable() ? FailureKind.UNAVAILABLE : error.kind());
        assertThat(failure.sentence())
                .isEqualTo(
                        "Cannot look up stream ORDERS on "
                                + SERVERS
                                + ", because it says: the reason (code "
                                + (error == ApiError.OTHER ? 400 : error.code())
                                + ")."
                                + (error.hint().isEmpty() ? "" : " " + error.hint()));
    }

    @Test
    void unknownErrorsOfTheServerMayPass() {
        assertThat(FAILURES.refused(CALL, 503, 19_999, "later").isRetriable()).isTrue();
        assertThat(FAILURES.refused(CALL, 500, 0, "later").isRetriable()).isTrue();
        assertThat(FAILURES.refused(CALL, 400, 19_999, "no").isRetriable()).isFalse();
        assertThat(FAILURES.refused(CALL, 404, 10_059, "no").isRetriable()).isFalse();
    }

    @Test
    void readsNoOptionOutOfOtherQuotedWords() {
        assertThat(QUOTED.matcher("set 'nats.stream'").find()).isTrue();
        assertThat(QUOTED.matcher("retention 'limits'").find()).isFalse();
    }
}

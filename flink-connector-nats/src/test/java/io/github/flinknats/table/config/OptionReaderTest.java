// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Credentials;
import io.github.flinknats.client.TestKeys;
import io.github.flinknats.client.Timeouts;
import io.github.flinknats.sink.config.FlushSettings;
import io.github.flinknats.sink.config.WriteSettings;
import io.github.flinknats.source.config.BadRecordPolicy;
import io.github.flinknats.source.config.DurableConsumer;
import io.github.flinknats.source.config.Ordering;
import io.github.flinknats.source.config.ReadPlan;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.config.StartPosition;
import io.github.flinknats.source.config.StopPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.factories.FactoryUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionReaderTest {
    private static final String SEED = TestKeys.userSeed();
    private static final String JWT = new TestKeys().userJwt(SEED, Duration.ofHours(1));
    private static final List<String> KEY = List.of("id");
    private static final String BASE = "nats.server-url=h:4222 nats.subject=a";

    /** Per option: the options around it, its value, and another one that must read otherwise. */
    private static final Map<String, String[]> CHANGES = changes();

    private static Map<String, String[]> changes() {
        Map<String, String[]> changes = new LinkedHashMap<>();
        changes.put("nats.server-url", change("nats.subject=a", "h:4222", "i:4222"));
        changes.put("nats.subject", change("nats.server-url=h", "a", "b"));
        changes.put("nats.stream", change(BASE, "", "S"));
        changes.put("nats.user", change(BASE + " nats.password=p", "u", "v"));
        changes.put("nats.password", change(BASE + " nats.user=u", "p", "q"));
        changes.put("nats.token", change(BASE, "", "t"));
        changes.put("nats.nkey-secret", change(BASE, "", SEED));
        changes.put("nats.jwt-token", change(BASE + " nats.nkey-secret=" + SEED, "", JWT));
        changes.put(
                "nats.credentials-secret",
                change(BASE, "", TestKeys.credentials(JWT, SEED).replace(' ', '~')));
        changes.put("nats.credentials-file", change(BASE, "", "/u.creds"));
        changes.put("nats.tls.ca-file", change(BASE, "", "/ca.pem"));
        changes.put("nats.tls.cert-file", change(BASE + " nats.tls.key-file=/k", "/c", "/d"));
        changes.put("nats.tls.key-file", change(BASE + " nats.tls.cert-file=/c", "/k", "/l"));
        changes.put("nats.tls.truststore", change(BASE, "", "/t.jks"));
        changes.put(
                "nats.tls.truststore-password", change(BASE + " nats.tls.truststore=/t", "", "p"));
        changes.put("nats.tls.keystore", change(BASE, "", "/k.p12"));
        changes.put("nats.tls.keystore-password", change(BASE + " nats.tls.keystore=/k", "", "p"));
        changes.put("nats.tls.first", change(BASE, "", "true"));
        changes.put("nats.inbox-prefix", change(BASE, "", "_INBOX_u"));
        changes.put("nats.domain", change(BASE, "", "hub"));
        changes.put("nats.api-prefix", change(BASE, "", "JS.hub.API"));
        changes.put("nats.connection-name", change(BASE, "", "n"));
        changes.put("nats.connect-timeout", change(BASE, "", "5s"));
        changes.put("nats.request-timeout", change(BASE, "", "5s"));
        changes.put("nats.outage-timeout", change(BASE, "", "5s"));
        changes.put("nats.properties", change(BASE, "", "maxpings:3"));
        changes.put("scan.startup.mode", change(BASE, "", "latest"));
        changes.put(
                "scan.startup.timestamp", change(BASE + " scan.startup.mode=timestamp", "1", "2"));
        changes.put(
                "scan.startup.timestamp-millis",
                change(BASE + " scan.startup.mode=timestamp", "1", "2"));
        changes.put(
                "scan.startup.sequence", change(BASE + " scan.startup.mode=sequence", "1", "2"));
        changes.put("scan.bounded.mode", change(BASE, "", "latest"));
        changes.put(
                "scan.bounded.timestamp", change(BASE + " scan.bounded.mode=timestamp", "1", "2"));
        changes.put(
                "scan.bounded.sequence", change(BASE + " scan.bounded.mode=sequence", "1", "2"));
        changes.put("scan.parallelism", change(BASE, "", "2"));
        changes.put("scan.ordering", change(BASE, "", "stream"));
        changes.put("scan.durable-consumer", change(BASE, "", "d"));
        changes.put(
                "scan.durable-consumer.create",
                change(BASE + " scan.durable-consumer=d", "", "true"));
        changes.put("scan.on-data-loss", change(BASE, "", "continue"));
        changes.put("scan.fetch.max-messages", change(BASE, "", "7"));
        changes.put("scan.fetch.max-bytes", change(BASE, "", "1mb"));
        changes.put("scan.rate-limit", change(BASE, "", "7"));
        changes.put("scan.on-error", change(BASE, "", "skip"));
        changes.put(
                "scan.dead-letter.subject", change(BASE + " scan.on-error=dead-letter", "d", "e"));
        changes.put("sink.subject", change(BASE, "", "b.{id}"));
        changes.put("sink.delivery-guarantee", change(BASE, "", "none"));
        changes.put("sink.id", change(BASE + " sink.delivery-guarantee=exactly-once", "a", "b"));
        changes.put("sink.max-in-flight", change(BASE, "", "7"));
        changes.put("sink.buffer-flush.max-rows", change(BASE, "", "7"));
        changes.put("sink.buffer-flush.interval", change(BASE, "", "7s"));
        changes.put("value.fields-include", change(BASE, "", "except-subject"));
        changes.put("sink.parallelism", change(BASE, "", "2"));
        return changes;
    }

    private static String[] change(String around, String value, String other) {
        return new String[] {around, value, other};
    }

    @Test
    void everyOptionChangesSomething() {
        CHANGES.forEach(
                (key, change) -> {
                    String before =
                            change[1].isEmpty()
                                    ? change[0]
                                    : change[0] + " " + key + "=" + change[1];
                    String after = change[0] + " " + key + "=" + change[2];
                    assertThat(all(after)).as(key).isNotEqualTo(all(before));
                });
    }

    @Test
    void everyOptionIsTestedWithAnotherValueThanItsDefault() {
        Set<ConfigOption<?>> options = new HashSet<>(NatsOptions.required());
        options.addAll(NatsOptions.optional());
        options.remove(FactoryUtil.FORMAT); // read by the factory, not here

        assertThat(CHANGES.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        options.stream().map(ConfigOption::key).collect(Collectors.toList()));
        for (ConfigOption<?> option : options) {
            String value = Objects.requireNonNull(CHANGES.get(option.key()))[2].replace('~', ' ');
            Configuration set = Configuration.fromMap(Map.of(option.key(), value));
            assertThat((Object) set.get(option))
                    .as(option.key())
                    .isNotEqualTo(option.defaultValue());
        }
    }

    @Test
    void readsListsOfStreams() {
        assertThat(read("nats.server-url=h:1 nats.stream=A,B,A").plan())
                .isEqualTo(ReadPlan.ofStreams(Arrays.asList("A", "B"), Collections.emptyList()));
    }

    @Test
    void readsTheNewestOfEachSubject() {
        assertThat(read(BASE + " scan.startup.mode=last-per-subject").plan().start())
                .isEqualTo(StartPosition.lastPerSubject());
    }

    @Test
    void readsDefaults() {
        assertThat(read(BASE))
                .isEqualTo(
                        ScanSettings.of(
                                ConnectionSettings.of("h:4222").withConnectionName("t"),
                                ReadPlan.of(null, Collections.singletonList("a")),
                                ReadSettings.defaults()));
    }

    @Test
    void readsEverything() {
        ScanSettings settings =
                read(
                        "nats.server_url=h:1,tls://i:2 nats.subject=a.*,b,a.x nats.stream=S"
                                + " nats.user=u nats.password=p nats.inbox-prefix=_IN_u"
                                + " nats.api-prefix=JS.A.API. nats.connection-name=c nats.connect-timeout=1s"
                                + " nats.request-timeout=2s nats.outage-timeout=3s"
                                + " nats.properties.maxpings=4 nats.properties.pinginterval=5"
                                + " scan.startup.mode=timestamp"
                                + " scan.startup.timestamp=2026-01-31T09:30:00Z"
                                + " scan.bounded.mode=sequence scan.bounded.sequence=9"
                                + " scan.parallelism=3 scan.ordering=stream"
                                + " scan.fetch.max-messages=10 scan.fetch.max-bytes=64kb"
                                + " scan.rate-limit=2.5 scan.on-error=dead-letter"
                                + " scan.dead-letter.subject=dead");

        Map<String, String> properties = new HashMap<>();
        properties.put("maxpings", "4");
        properties.put("pinginterval", "5");
        assertThat(settings)
                .isEqualTo(
                        ScanSettings.of(
                                        ConnectionSettings.of("h:1,tls://i:2")
                                                .withCredentials(Credentials.userPassword("u", "p"))
                                                .withTimeouts(
                                                        Timeouts.defaults()
                                                                .withConnect(Duration.ofSeconds(1))
                                                                .withRequest(Duration.ofSeconds(2))
                                                                .withOutage(Duration.ofSeconds(3)))
                                                .withConnectionName("c")
                                                .withInboxPrefix("_IN_u")
                                                .withApiPrefix("JS.A.API")
                                                .withProperties(properties),
                                        ReadPlan.of("S", Arrays.asList("a.*", "b"))
                                                .withRange(
                                                        StartPosition.atTimestamp(
                                                                Instant.parse(
                                                                        "2026-01-31T09:30:00Z")),
                                                        StopPosition.atSequence(9))
                                                .withOrdering(Ordering.STREAM),
                                        ReadSettings.defaults()
                                                .withMaxMessages(10)
                                                .withMaxBytes(64 * 1024)
                                                .withRateLimit(2.5)
                                                .withBadRecords(BadRecordPolicy.deadLetter("dead")))
                                .withParallelism(3));
    }

    @Test
    void readsDefaultsOfWriting() {
        assertThat(sink(BASE))
                .isEqualTo(
                        SinkSettings.of(
                                ConnectionSettings.of("h:4222").withConnectionName("t"),
                                WriteSettings.defaults(),
                                "a"));
    }

    @Test
    void readsEverythingAboutWriting() {
        assertThat(
                        sink(
                                "nats.server-url=h nats.subject=a.> sink.subject=b.{id}"
                                        + " sink.delivery-guarantee=none sink.max-in-flight=7"
                                        + " sink.buffer-flush.max-rows=9"
                                        + " sink.buffer-flush.interval=2s"
                                        + " value.fields-include=except-subject"
                                        + " sink.parallelism=3"))
                .isEqualTo(
                        SinkSettings.of(
                                        ConnectionSettings.of("h").withConnectionName("t"),
                                        WriteSettings.defaults()
                                                .withGuarantee(DeliveryGuarantee.NONE)
                                                .withMaxInFlight(7)
                                                .withFlush(
                                                        FlushSettings.off()
                                                                .withMaxRows(9)
                                                                .withInterval(
                                                                        Duration.ofSeconds(2))),
                                        "b.{id}")
                                .withFields(FieldsInclude.EXCEPT_SUBJECT)
                                .withParallelism(3));
    }

    @Test
    void takesTheSessionsZoneForTimesWithoutOne() {
        ReadPlan plan =
                new OptionReader(
                                options(
                                        BASE
                                                + " scan.startup.mode=timestamp"
                                                + " scan.startup.timestamp=2026-01-31T09:30:00"
                                                + " scan.bounded.mode=timestamp"
                                                + " scan.bounded.timestamp=2026-02-01"),
                                options("table.local-time-zone=Asia/Tokyo"))
                        .plan(List.of());

        assertThat(plan.start())
                .isEqualTo(StartPosition.atTimestamp(Instant.parse("2026-01-31T00:30:00Z")));
        assertThat(plan.stop())
                .isEqualTo(StopPosition.atTimestamp(Instant.parse("2026-01-31T15:00:00Z")));
    }

    @Test
    void ordersByStreamWhenThereIsAKey() {
        OptionReader reader =
                new OptionReader(
                        options("nats.server-url=h nats.subject=a,b"), new Configuration());

        assertThat(reader.plan(KEY).ordering()).isEqualTo(Ordering.STREAM);
        assertThat(reader.plan(List.of()).ordering()).isEqualTo(Ordering.FILTER);
    }

    @Test
    void startsWhereADurableConsumerStands() {
        assertThat(reader(BASE + " scan.durable-consumer=d").plan(List.of()).start())
                .isEqualTo(StartPosition.ofConsumer(DurableConsumer.named("d")));
        assertThatThrownBy(() -> reader(BASE + " scan.durable-consumer=d.e").plan(List.of()))
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith("Invalid value for option 'scan.durable-consumer': ");
    }

    @Test
    void refusesAKeyWhoseRowsMayComeLate() {
        assertThatThrownBy(() -> reader(BASE + " scan.durable-consumer=d").plan(KEY))
                .isInstanceOf(ValidationException.class)
                .hasMessage(
                        "'scan.durable-consumer' and a PRIMARY KEY do not go together: a message"
                                + " that is delivered again comes behind newer ones, and its row"
                                + " would overwrite a newer row of its key. Remove the key, or the"
                                + " option.");
    }

    @Test
    void takesAKeyOfSeveralStreamsOnlyIfItNamesTheSubject() {
        String streams = "nats.server-url=h nats.stream=S1,S2 ";
        OptionReader template = reader(streams + "nats.subject=a.{region}.{id}");

        assertThat(template.plan(List.of("id", "region", "kind")).ordering())
                .isEqualTo(Ordering.STREAM);
        for (OptionReader reader : List.of(template, reader(streams), reader(streams + BASE))) {
            assertThatThrownBy(() -> reader.plan(KEY))
                    .isInstanceOf(ValidationException.class)
                    .hasMessage(
                            "'nats.stream' names the streams [S1, S2], and the rows of one PRIMARY"
                                    + " KEY may come from several of them, between which there is"
                                    + " no order: an older row could overwrite a newer one. Declare"
                                    + " a table for each stream, or one without PRIMARY KEY, or a"
                                    + " key with all columns of a 'nats.subject' such as"
                                    + " 'orders.{id}'.");
        }
    }

    @Test
    void refusesToGiveUpWhatAKeyNeeds() {
        OptionReader several = reader("nats.server-url=h nats.subject=a,b scan.ordering=filter");
        OptionReader one = reader("nats.server-url=h nats.subject=a.>,a.b scan.ordering=filter");

        assertThatThrownBy(() -> several.plan(KEY))
                .isInstanceOf(ValidationException.class)
                .hasMessage(
                        "'scan.ordering' = 'filter' reads the subjects [a, b] side by side, and the"
                                + " rows of one PRIMARY KEY may come from several of them: an older"
                                + " row could overwrite a newer one. Remove the option, or set it"
                                + " to 'stream'.");
        assertThat(several.plan(List.of()).ordering()).isEqualTo(Ordering.FILTER);
        assertThat(one.plan(KEY).ordering()).isEqualTo(Ordering.FILTER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nats.server-url=u:geheim@h:x"
                        + "| Invalid value for option 'nats.server-url': Server 1 names no host,"
                        + " or its port is not a number: write host:port or nats://host:port.",
                "nats.subject=a,b..c"
                        + "| Invalid value for option 'nats.subject': The subject 'b..c' has an"
                        + " empty token: write exactly one dot between tokens.",
                "nats.subject=a.*.c,a.b.*"
                        + "| Invalid value for option 'nats.subject': The subjects 'a.*.c' and"
                        + " 'a.b.*' overlap, so a message could be read twice: write one filter that"
                        + " covers both, such as 'a.*.*', or filters that have no subject in"
                        + " common.",
                "nats.subject=orders.{region},bills.{region}"
                        + "| Invalid value for option 'nats.subject': 'orders.{region},bills.{region}'"
                        + " has columns in it, so it must be one subject, not a list: a row has one"
                        + " value for each column.",
                "nats.stream=A,,B"
                        + "| Invalid value for option 'nats.stream': The list of streams 'A,,B' has"
                        + " an empty entry: remove a comma.",
                "nats.stream=a,b scan.durable-consumer=d"
                        + "| 'scan.durable-consumer' belongs to one stream, and 'nats.stream' names"
                        + " several: declare a table for each stream.",
                "nats.stream=a.b"
                        + "| Invalid value for option 'nats.stream': The stream name 'a.b' contains"
                        + " '.'; JetStream allows no white space, no unprintable characters and none"
                        + " of . * > / \\ in it.",
                "nats.user= nats.password=p"
                        + "| Invalid value for option 'nats.user': It is empty: set a value, or"
                        + " remove the option.",
                "nats.connection-name="
                        + "| Invalid value for option 'nats.connection-name': It is empty: set a"
                        + " value, or remove the option.",
                "nats.inbox-prefix=_IN.*"
                        + "| Invalid value for option 'nats.inbox-prefix': '_IN.*' is not an inbox"
                        + " prefix: write subject tokens separated by dots, without spaces and"
                        + " wildcards.",
                "nats.api-prefix=$JS.>"
                        + "| Invalid value for option 'nats.api-prefix': '$JS.>' is not an API"
                        + " prefix: write subject tokens separated by dots, without spaces and"
                        + " wildcards.",
                "nats.domain=hub.eu"
                        + "| Invalid value for option 'nats.domain': 'hub.eu' is not a JetStream"
                        + " domain: a domain has no dots.",
                "nats.connect-timeout=0s"
                        + "| Invalid value for option 'nats.connect-timeout': The connect timeout"
                        + " must be positive, not PT0S.",
                "nats.properties.username=u"
                        + "| Invalid value for option 'nats.properties.username': The client"
                        + " property 'username' cannot be set: set nats.user instead.",
                "scan.startup.mode=timestamp scan.startup.timestamp=soon"
                        + "| Invalid value for option 'scan.startup.timestamp': 'soon' is not a"
                        + " point in time: write ISO-8601, such as '2026-01-31T09:30:00Z', or"
                        + " milliseconds since the epoch.",
                "scan.startup.mode=sequence scan.startup.sequence=0"
                        + "| Invalid value for option 'scan.startup.sequence': A stream sequence"
                        + " starts at 1; the start position is 0.",
                "scan.bounded.mode=sequence scan.bounded.sequence=-1"
                        + "| Invalid value for option 'scan.bounded.sequence': A stream sequence"
                        + " starts at 1; the stop position is -1.",
                "scan.startup.mode=sequence scan.startup.sequence=6 scan.bounded.mode=sequence"
                        + " scan.bounded.sequence=5"
                        + "| The table ends before it starts: 'scan.bounded.mode' stops at sequence"
                        + " 5 and 'scan.startup.mode' starts at sequence 6. Set a later end or an"
                        + " earlier start.",
                "scan.startup.mode=timestamp scan.startup.timestamp=2000 scan.bounded.mode=timestamp"
                        + " scan.bounded.timestamp=1000"
                        + "| The table ends before it starts: 'scan.bounded.mode' stops at timestamp"
                        + " 1970-01-01T00:00:01Z and 'scan.startup.mode' starts at timestamp"
                        + " 1970-01-01T00:00:02Z. Set a later end or an earlier start.",
                "scan.parallelism=0"
                        + "| Invalid value for option 'scan.parallelism': At least 1 is needed, not"
                        + " 0.",
                "scan.fetch.max-messages=0"
                        + "| Invalid value for option 'scan.fetch.max-messages': At least one message"
                        + " must be allowed in flight, not 0.",
                "scan.fetch.max-bytes=1b"
                        + "| Invalid value for option 'scan.fetch.max-bytes': At least 1024 bytes"
                        + " must be allowed in flight, not 1.",
                "scan.rate-limit=0"
                        + "| Invalid value for option 'scan.rate-limit': More than 0 records per"
                        + " second are needed, not 0.0.",
                "scan.rate-limit=NaN"
                        + "| Invalid value for option 'scan.rate-limit': More than 0 records per"
                        + " second are needed, not NaN.",
                "scan.on-error=dead-letter scan.dead-letter.subject=dead.*"
                        + "| Invalid value for option 'scan.dead-letter.subject': The subject"
                        + " 'dead.*' has a wildcard, and a message goes to one subject.",
                "scan.on-error=dead-letter scan.dead-letter.subject=dead..letters"
                        + "| Invalid value for option 'scan.dead-letter.subject': The subject"
                        + " 'dead..letters' has an empty token: write exactly one dot between"
                        + " tokens.",
                "scan.on-error=dead-letter scan.dead-letter.subject=$JS.API.INFO"
                        + "| Invalid value for option 'scan.dead-letter.subject': The subject"
                        + " '$JS.API.INFO' is one of the server's own.",
                "nats.subject=a.*,b scan.on-error=dead-letter scan.dead-letter.subject=a.dead"
                        + "| Invalid value for option 'scan.dead-letter.subject': The table reads"
                        + " the subject 'a.dead' itself, so bad records would come back for ever:"
                        + " choose another one, or read fewer subjects with 'nats.subject'."
            })
    void refusesWithOptionAndFix(String settings, String message) {
        assertThatThrownBy(() -> read(BASE + " " + settings))
                .isInstanceOf(ValidationException.class)
                .hasMessage(message);
    }

    @Test
    void namesEveryClientPropertyThatExists() {
        assertThatThrownBy(() -> read(BASE + " nats.properties.maxping=3"))
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith(
                        "Invalid value for option 'nats.properties.maxping': The client property"
                                + " 'maxping' does not exist; known are [")
                .hasMessageContaining("maxpings");
    }

    @Test
    void refusesAZoneThatDoesNotExist() {
        OptionReader reader =
                new OptionReader(
                        options(BASE + " scan.bounded.mode=timestamp scan.bounded.timestamp=1"),
                        options("table.local-time-zone=Mars/Base"));

        assertThatThrownBy(() -> reader.plan(List.of()))
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith("Invalid value for option 'table.local-time-zone': ");
    }

    @Test
    void describesEveryOption() {
        Stream.concat(NatsOptions.required().stream(), NatsOptions.optional().stream())
                .forEach(
                        option ->
                                assertThat(option.description())
                                        .as(option.key())
                                        .isNotEqualTo(
                                                org.apache.flink.configuration.description
                                                        .Description.builder()
                                                        .text("")
                                                        .build()));
    }

    @Test
    void forwardsAllButTheFormat() {
        Set<String> forwarded =
                NatsOptions.forwarded().stream()
                        .map(ConfigOption::key)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(forwarded).isEqualTo(new TreeSet<>(CHANGES.keySet()));
    }

    private static List<Object> all(String settings) {
        return Arrays.asList(read(settings), sink(settings));
    }

    private static SinkSettings sink(String settings) {
        return new SinkOptionReader(options(settings), new Configuration()).sink("t");
    }

    private static ScanSettings read(String settings) {
        return reader(settings).scan("t", List.of());
    }

    private static OptionReader reader(String settings) {
        return new OptionReader(options(settings), new Configuration());
    }

    private static Configuration options(String settings) {
        Map<String, String> map = new HashMap<>();
        for (String setting : settings.split(" ")) {
            String[] pair = setting.split("=", 2);
            map.put(pair[0], pair[1].replace('~', ' '));
        }
        return Configuration.fromMap(map);
    }
}

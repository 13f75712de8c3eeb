// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What tables of other connectors and systems call things: Flink's Kafka connector, RisingWave, and
 * the Java client of NATS.
 */
final class ForeignNames {
    private static final String KEY =
            "there is no format of keys: what Kafka has in keys stands in the subject, as in"
                    + " 'nats.subject' = 'orders.{id}'";
    private static final String OWN =
            "it has no counterpart: the connector makes its consumers itself";

    private static final Map<String, String> OPTIONS = new HashMap<>();
    private static final Map<String, String> VALUES = new HashMap<>();
    private static final Map<String, String> METADATA = new HashMap<>();

    static {
        here(
                NatsOptions.SERVER_URL.key(),
                "servers",
                "server",
                "url",
                "urls",
                "properties.bootstrap.servers",
                "bootstrap.servers",
                "io.nats.client.servers",
                "io.nats.client.url");
        here(NatsOptions.SUBJECT.key(), "topic", "topics", "subject.filters", "topic-pattern");
        here(NatsLoginOptions.USER.key(), "username", "io.nats.client.username");
        here(NatsLoginOptions.PASSWORD.key(), "io.nats.client.password");
        here(NatsLoginOptions.TOKEN.key(), "io.nats.client.token");
        here(NatsLoginOptions.JWT_TOKEN.key(), "jwt");
        here(NatsLoginOptions.NKEY_SECRET.key(), "nkey", "seed", "nkey-seed");
        here(NatsLoginOptions.CREDENTIALS_FILE.key(), "creds", "creds-file", "credential");
        here(
                NatsOptions.SCAN_DURABLE_CONSUMER.key(),
                "properties.group.id",
                "consumer",
                "durable",
                "durable-name",
                "durable-consumer-name",
                "consumer.durable-name",
                "consumer.name");
        here(NatsOptions.SCAN_STARTUP_MODE.key(), "consumer.deliver-policy", "start.rule");
        here(NatsOptions.SCAN_STARTUP_SEQUENCE.key(), "scan.startup.specific-offsets");
        here(NatsOptions.SCAN_BOUNDED_MODE.key(), "stop.rule");
        here(NatsOptions.SCAN_BOUNDED_SEQUENCE.key(), "scan.bounded.specific-offsets");
        here(NatsOptions.SCAN_BOUNDED_TIMESTAMP.key(), "scan.bounded.timestamp-millis");
        here(NatsOptions.SCAN_FETCH_MAX_MESSAGES.key(), "consumer.max-batch");
        here(NatsOptions.SCAN_FETCH_MAX_BYTES.key(), "consumer.max-bytes");
        here(NatsOptions.SCAN_RATE_LIMIT.key(), "consumer.rate-limit");
        here(NatsSinkOptions.SINK_DELIVERY_GUARANTEE.key(), "sink.semantic");
        here(NatsSinkOptions.SINK_ID.key(), "sink.transactional-id-prefix");
        here("format", "value.format");
        OPTIONS.put("key.format", KEY);
        OPTIONS.put("key.fields", KEY);
        OPTIONS.put("key.fields-prefix", KEY);
        OPTIONS.put(
                "connect-mode",
                "how to log in follows from which of 'nats.user', 'nats.token',"
                        + " 'nats.nkey-secret', 'nats.credentials-file' and so on is set");
        for (String ending :
                new String[] {"ack-policy", "ack-wait", "ack-wait.sec", "max-ack-pending"}) {
            OPTIONS.put("consumer." + ending, OWN);
        }

        VALUES.put("scan.startup.mode=earliest-offset", "earliest");
        VALUES.put("scan.startup.mode=all", "earliest");
        VALUES.put("scan.startup.mode=latest-offset", "latest");
        VALUES.put("scan.startup.mode=new", "latest");
        VALUES.put("scan.startup.mode=group-offsets", "consumer");
        VALUES.put("scan.startup.mode=specific-offsets", "sequence");
        VALUES.put("scan.startup.mode=by-start-sequence", "sequence");
        VALUES.put("scan.startup.mode=by-start-time", "timestamp");
        VALUES.put("scan.bounded.mode=latest-offset", "latest");
        VALUES.put("scan.bounded.mode=specific-offsets", "sequence");
        VALUES.put("scan.on-error=ignore", "skip");
        VALUES.put("scan.on-data-loss=ignore", "continue");
        VALUES.put("value.fields-include=except-key", "except-subject");

        METADATA.put("topic", "subject");
        METADATA.put("nats-subject", "subject");
        METADATA.put("offset", "sequence");
        METADATA.put("streamseq", "sequence");
        METADATA.put("message-id", "msg-id");
        METADATA.put("time", "timestamp");
    }

    private ForeignNames() {}

    private static void here(String ours, String... theirs) {
        for (String name : theirs) {
            OPTIONS.put(name, "here it is '" + ours + "'");
        }
    }

    /** What to do instead, or null if the option is not known from elsewhere. */
    static @Nullable String option(String key) {
        String plain = Spelling.plain(key);
        String name = plain.startsWith("nats.") ? plain.substring("nats.".length()) : plain;
        String known = OPTIONS.get(name);
        if (known == null && (name.equals("consumer") || name.startsWith("consumer."))) {
            return OWN;
        }
        for (String prefix : new String[] {"properties.", "io.nats.client."}) {
            if (known == null && plain.startsWith(prefix)) {
                return "properties of the NATS client are set as 'nats.properties."
                        + key.substring(prefix.length())
                        + "'";
            }
        }
        return known;
    }

    /** What it is called here, or null. */
    static @Nullable String value(String option, String value) {
        return VALUES.get(option + "=" + Spelling.plain(value));
    }

    /** What it is called here, or null. */
    static @Nullable String metadata(String key) {
        return METADATA.get(Spelling.plain(key));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a user must be allowed to publish, by what a job does, for stream ORDERS with the subjects
 * {@code orders.>} and bucket PRICES. All must be allowed to subscribe to their inbox. From here
 * into the documentation, and into the servers on which the tests run with exactly this.
 */
public enum Permissions {
    READ(
            "read (any start, end and order)",
            "$JS.API.STREAM.INFO.ORDERS",
            "$JS.API.STREAM.MSG.GET.ORDERS",
            "$JS.API.CONSUMER.CREATE.ORDERS.>",
            "$JS.API.CONSUMER.MSG.NEXT.ORDERS.*",
            "$JS.API.CONSUMER.DELETE.ORDERS.*"),
    FIND_STREAM("find the stream, without `nats.stream`", "$JS.API.STREAM.NAMES"),
    READ_DURABLE(
            "read with `scan.durable-consumer` = `TASKS`",
            "$JS.API.STREAM.INFO.ORDERS",
            "$JS.API.CONSUMER.INFO.ORDERS.TASKS",
            "$JS.API.CONSUMER.MSG.NEXT.ORDERS.TASKS",
            "$JS.ACK.ORDERS.TASKS.>"),
    CREATE_DURABLE(
            "create it (`scan.durable-consumer.create`)",
            "$JS.API.CONSUMER.CREATE.ORDERS.TASKS.>",
            "$JS.API.CONSUMER.CREATE.ORDERS.TASKS"),
    DEAD_LETTERS("send dead letters to `dead.orders`", "dead.orders"),
    READ_BUCKET(
            "read the bucket `PRICES`, with `nats.stream` = `KV_PRICES`",
            "$JS.API.STREAM.INFO.KV_PRICES",
            "$JS.API.STREAM.MSG.GET.KV_PRICES",
            "$JS.API.CONSUMER.CREATE.KV_PRICES.>",
            "$JS.API.CONSUMER.MSG.NEXT.KV_PRICES.*",
            "$JS.API.CONSUMER.DELETE.KV_PRICES.*"),
    WRITE_BUCKET("write into the bucket `PRICES`", "$KV.PRICES.>"),
    WRITE("write `none` or `at-least-once`", "orders.>"),
    WRITE_EXACTLY_ONCE(
            "write `exactly-once` with `sink.id` = `job`",
            "orders.>",
            "$JS.API.STREAM.NAMES",
            "$JS.API.STREAM.INFO.ORDERS",
            "$JS.API.CONSUMER.CREATE.ORDERS.>",
            "$JS.API.CONSUMER.MSG.NEXT.ORDERS.*",
            "$JS.API.CONSUMER.DELETE.ORDERS.*",
            "_INBOX.>");

    private final String use;

    @SuppressWarnings("ImmutableEnumChecker") // Copied when given away.
    private final List<String> publish;

    Permissions(String use, String... publish) {
        this.use = use;
        this.publish = Arrays.asList(publish);
    }

    public List<String> publish() {
        return new ArrayList<>(publish);
    }

    /** A user with these and no other permissions, for the configuration of a server. */
    public static String user(String name, String password, Permissions... uses) {
        return user(name, password, subjects(uses));
    }

    /** A user who may publish to these subjects only. */
    public static String user(String name, String password, Set<String> publish) {
        return user(name, password, publish, "_INBOX.>");
    }

    /** A user who may publish to these subjects and subscribe to one only. */
    public static String user(String name, String password, Set<String> publish, String subscribe) {
        return String.format(
                "{user: %s, password: %s, permissions: {publish: [%s], subscribe: [\"%s\"]}}",
                name,
                password,
                // An empty list would allow everything.
                (publish.isEmpty() ? Set.of("nothing") : publish)
                        .stream()
                                .map(subject -> '"' + subject + '"')
                                .collect(Collectors.joining(", ")),
                subscribe);
    }

    /** All subjects of these uses. */
    public static Set<String> subjects(Permissions... uses) {
        Set<String> subjects = new LinkedHashSet<>();
        for (Permissions use : uses) {
            subjects.addAll(use.publish);
        }
        return subjects;
    }

    /** As the documentation shows them. */
    static String table() {
        StringBuilder text = new StringBuilder("| to | publish |\n|---|---|\n");
        for (Permissions use : values()) {
            text.append("| ").append(use.use).append(" | ");
            text.append(
                    use.publish.stream()
                            .map(subject -> '`' + subject + '`')
                            .collect(Collectors.joining(", ")));
            text.append(" |\n");
        }
        return text.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.api.MessageInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What Flink's planner makes of updates and deletions differs from version to version; what a table
 * holds in the end must not.
 */
final class PlannerTraps {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final SqlSession sql;
    private final NatsServer server;
    private final TestStream stream;

    PlannerTraps(SqlSession sql, NatsServer server, TestStream stream) {
        this.sql = sql;
        this.server = server;
        this.stream = stream;
    }

    private void table(String name, String columns, String subject, String... options)
            throws Exception {
        String all = String.join(", ", options);
        sql.execute(
                "CREATE TABLE "
                        + name
                        + " ("
                        + columns
                        + ") WITH ('connector' = 'nats', 'nats.server-url' = '"
                        + server.url()
                        + "', 'nats.user' = 'app', 'nats.password' = '"
                        + FlinkTests.PASSWORD
                        + "', 'nats.subject' = '"
                        + stream.subject(subject)
                        + "'"
                        + (all.contains("'format'") ? "" : ", 'format' = 'json'")
                        + (all.isEmpty() ? "" : ", " + all)
                        + ")");
    }

    /** The messages under a subject, or those below it, in order. */
    private List<String> written(String subject) {
        return stream.messages().stream()
                .filter(message -> message.getSubject().startsWith(stream.subject(subject)))
                .map(message -> line(message))
                .collect(Collectors.toList());
    }

    private String line(MessageInfo message) {
        byte[] data = message.getData();
        return message.getSubject().substring(stream.prefix().length() + 1)
                + ' '
                + (data == null ? "" : new String(data, StandardCharsets.UTF_8));
    }

    private void run(String insert) throws Exception {
        sql.insert(insert).awaitState("FINISHED", LIMIT);
    }

    /** Whether the planner keeps the table in state, to complete what a deletion says. */
    private boolean isNormalized(String insert) throws Exception {
        String plan = sql.execute("EXPLAIN CHANGELOG_MODE " + insert);
        assertThat(plan).contains("changelogMode=[");
        return plan.contains("ChangelogNormalize");
    }

    /**
     * Key-only deletions, which Flink passes on since 2.1 where the sink takes them, name the right
     * key. A sink with NOT NULL columns, or one that writes whole rows, gets whole rows, computed
     * columns included.
     */
    void deletionsAreRight(boolean passesKeysOnly) throws Exception {
        stream.publish("src.k1", "{\"v\":1}");
        stream.publish("src.k3", "{\"v\":35}");
        stream.publish("src.k1", "{\"v\":2}");
        stream.publish("src.k3", "");
        sql.set("parallelism.default", 1);
        String strict = "k STRING, v INT NOT NULL, PRIMARY KEY (k) NOT ENFORCED";
        table("src", strict, "src.{k}", "'scan.bounded.mode' = 'latest'");
        table("strict", strict, "strict.{k}");
        table("kept", "k STRING, v INT, PRIMARY KEY (k) NOT ENFORCED", "kept.{k}");
        table("changes", "k STRING, v INT NOT NULL", "changes", "'format' = 'debezium-json'");
        String intoTable = "INSERT INTO kept SELECT k, v + 1 FROM src";
        String intoStrict = "INSERT INTO strict SELECT k, v + 1 FROM src";
        String intoChanges = "INSERT INTO changes SELECT k, v + 1 FROM src";

        assertThat(isNormalized(intoTable)).isEqualTo(!passesKeysOnly);
        assertThat(isNormalized(intoStrict)).isTrue();
        assertThat(isNormalized(intoChanges)).isTrue();
        run(intoTable);
        run(intoStrict);
        run(intoChanges);

        for (String table : List.of("kept", "strict")) {
            assertThat(written(table))
                    .containsExactly(
                            table + ".k1 {\"k\":\"k1\",\"v\":2}",
                            table + ".k3 {\"k\":\"k3\",\"v\":36}",
                            table + ".k1 {\"k\":\"k1\",\"v\":3}",
                            table + ".k3 ");
        }
        assertThat(written("changes"))
                .containsExactly(
                        change("c", "null", "k1", 2),
                        change("c", "null", "k3", 36),
                        change("d", "before", "k1", 2),
                        change("c", "null", "k1", 3),
                        change("d", "before", "k3", 36));
    }

    private static String change(String op, String before, String key, int value) {
        String row = "{\"k\":\"" + key + "\",\"v\":" + value + "}";
        boolean comes = before.equals("null");
        return "changes {\"before\":"
                + (comes ? "null" : row)
                + ",\"after\":"
                + (comes ? row : "null")
                + ",\"op\":\""
                + op
                + "\"}";
    }

    /**
     * A predicate that is pushed down, on a key, lets its deletion through. It makes a constant of
     * the key, so Flink no longer sees one, and since 2.3 wants to be told what a second row of a
     * key does.
     */
    void predicatesLetDeletionsThrough(boolean mustSayOnConflict) throws Exception {
        int before = written("kept").size();
        String insert = "INSERT INTO kept SELECT k, v FROM src WHERE k = 'k3'";
        if (mustSayOnConflict) {
            assertThatThrownBy(() -> sql.execute(insert)).hasMessageContaining("ON CONFLICT");
        }
        sql.set("table.exec.sink.require-on-conflict", false);
        assertThat(sql.execute("EXPLAIN " + insert)).contains("filter=[=(k, ");
        run(insert);
        sql.execute("RESET 'table.exec.sink.require-on-conflict'");

        List<String> kept = written("kept");
        assertThat(kept.subList(before, kept.size()))
                .containsExactly("kept.k3 {\"k\":\"k3\",\"v\":35}", "kept.k3 ");
    }

    /**
     * No version needs to be told so of rows that are only added: the newest one stands. Nor has
     * any too little stack for a long list of values.
     */
    void appendedRowsReachAKey() throws Exception {
        stream.publish("log.k7", "{\"v\":1}");
        stream.publish("log.k7", "{\"v\":2}");
        stream.publish("log.other", "{\"v\":3}");
        table("log", "k STRING, v INT", "log.{k}", "'scan.bounded.mode' = 'latest'");
        table("newest", "k STRING, v INT, PRIMARY KEY (k) NOT ENFORCED", "newest.{k}");
        String values =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> "'k" + i + "'")
                        .collect(Collectors.joining(","));

        run("INSERT INTO newest SELECT k, v FROM log WHERE k IN (" + values + ")");

        assertThat(written("newest"))
                .containsExactly(
                        "newest.k7 {\"k\":\"k7\",\"v\":1}", "newest.k7 {\"k\":\"k7\",\"v\":2}");
    }
}

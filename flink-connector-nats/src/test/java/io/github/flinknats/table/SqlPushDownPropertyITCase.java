// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.TestStream;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random predicates give the same rows whether or not the connector can see through them. */
@ExtendWith(NatsServerExtension.class)
@Timeout(240)
class SqlPushDownPropertyITCase {
    private static final long SEED = 20261125;
    private static final int PREDICATES = 12;
    private static final int PARTS = 2;
    private static final int MESSAGES = 120;
    private static final String[][] VARIANTS = {
        {"", "earliest"},
        {"", "last-per-subject"},
        {", PRIMARY KEY (region, id, flag, d) NOT ENFORCED", "last-per-subject"},
        {", PRIMARY KEY (id, d) NOT ENFORCED", "earliest"},
        {", PRIMARY KEY (d, region) NOT ENFORCED", "earliest"}
    };
    private static final String[] REGIONS = {"eu", "us", "e", "as.ia", "e u", ""};
    private static final String[] DAYS = {"2026-01-01", "2025-12-31", "2026-02-28"};

    /** Says what it is told; nobody but Flink knows. */
    public static final class Opaque extends ScalarFunction {
        private static final long serialVersionUID = 1L;

        public @Nullable Boolean eval(@Nullable Boolean predicate) {
            return predicate;
        }
    }

    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    private int pushed;
    private final List<Long> times = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeEach
    void oneSubtaskKeepsTheOrderOfKeys() {
        sql.set("table.exec.resource.default-parallelism", "1");
        sql.execute("CREATE TEMPORARY FUNCTION OPAQUE AS '" + Opaque.class.getName() + "'");
    }

    /** Messages of two times, far enough from each other for a predicate to tell them apart. */
    private void publish(TestStream stream) {
        for (int part = 0; part < PARTS; part++) {
            long begin = System.currentTimeMillis();
            times.add(begin);
            for (int i = 0; i < MESSAGES; i++) {
                String subject =
                        REGIONS[random.nextInt(3)]
                                + '.'
                                + random.nextInt(4)
                                + '.'
                                + random.nextBoolean()
                                + '.'
                                + DAYS[random.nextInt(2)];
                String value = random.nextInt(4) == 0 ? "null" : "" + random.nextInt(5);
                boolean deletion = random.nextInt(6) == 0;
                if (deletion) {
                    stream.publish(subject, new Headers().add("KV-Operation", "DEL"), "");
                } else {
                    stream.publish(subject, "{\"v\":" + value + "}");
                }
            }
            if (part < PARTS - 1) {
                Await.until(
                        "the next messages are stored in another time",
                        Duration.ofSeconds(10),
                        () -> System.currentTimeMillis() > begin + 5_000);
            }
        }
    }

    @Test
    void rowsDoNotDependOnIt(NatsServer server, TestStream stream) {
        publish(stream);
        for (String[] variant : VARIANTS) {
            sql.execute("DROP TABLE IF EXISTS t");
            compare(variant[0], variant[1], server, stream);
        }
        assertThat(pushed).as("predicates that are pushed at all").isGreaterThan(PREDICATES);
    }

    private void compare(String key, String start, NatsServer server, TestStream stream) {
        sql.table(
                "t",
                "region STRING, id SMALLINT, flag BOOLEAN, d DATE, v INT,"
                        + " subj STRING METADATA FROM 'subject',"
                        + " seq BIGINT METADATA FROM 'sequence',"
                        + " ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'"
                        + key,
                SqlFixture.from(server.url(), stream.subject("{region}.{id}.{flag}.{d}")),
                "'scan.bounded.mode' = 'latest'",
                "'scan.startup.mode' = '" + start + "'");
        List<String> predicates = new ArrayList<>();
        for (int i = 0; i < PREDICATES; i++) {
            predicates.add(predicate(2, stream.prefix()));
        }

        String query = query(predicates, "%s");
        String unknown = query(predicates, "OPAQUE(%s)");
        assertThat(pushed(unknown)).isZero();
        pushed += pushed(query);
        assertThat(table(sql.rows(query)))
                .as("seed " + SEED + ": " + query)
                .isEqualTo(table(sql.rows(unknown)));
    }

    /** How many predicates the planner pushes down. */
    private int pushed(String query) {
        return sql.plan(query).split("filter=\\[[^\\]]", -1).length - 1;
    }

    private static String query(List<String> predicates, String form) {
        List<String> queries = new ArrayList<>();
        for (int i = 0; i < predicates.size(); i++) {
            queries.add(
                    "SELECT "
                            + i
                            + ", region, id, flag, d, v, seq FROM t WHERE "
                            + String.format(form, predicates.get(i)));
        }
        return String.join("\nUNION ALL ", queries);
    }

    /** What a changelog adds up to: how often there is which row. */
    private static Map<String, Integer> table(List<Row> changelog) {
        Map<String, Integer> table = new TreeMap<>();
        for (Row row : changelog) {
            RowKind kind = row.getKind();
            boolean comes = kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
            row.setKind(RowKind.INSERT);
            table.merge(row.toString(), comes ? 1 : -1, Integer::sum);
        }
        table.values().removeIf(count -> count == 0);
        return table;
    }

    // ------------------------------------------------------------------ predicates

    private String predicate(int depth, String prefix) {
        int kind = depth == 0 ? 0 : random.nextInt(6);
        switch (kind) {
            case 0:
            case 1:
                return atom(prefix);
            case 2:
            case 3:
                return both(depth, prefix, " AND ");
            case 4:
                return both(depth, prefix, " OR ");
            default:
                return "NOT " + '(' + predicate(depth - 1, prefix) + ')';
        }
    }

    private String both(int depth, String prefix, String operator) {
        return '(' + predicate(depth - 1, prefix) + operator + predicate(depth - 1, prefix) + ')';
    }

    private String atom(String prefix) {
        switch (random.nextInt(14)) {
            case 0:
                return "region = " + region();
            case 1:
                return "region IN (" + region() + ", " + region() + ", " + region() + ")";
            case 2:
                return "id = " + random.nextInt(5);
            case 3:
                return "id IN (" + random.nextInt(5) + ", " + random.nextInt(70_000) + ")";
            case 4:
                return random.nextBoolean() ? "flag" : "flag = FALSE";
            case 5:
                return "d = DATE '" + oneOf(DAYS) + "'";
            case 6:
                return "subj LIKE '"
                        + prefix
                        + oneOf(".eu.%", ".eu.1%", "%", ".e_.%", ".e.%")
                        + "'";
            case 7:
                return "subj = '" + prefix + "." + oneOf("eu.1.true.2026-01-01", "eu") + "'";
            case 8:
            case 9:
                return "seq " + comparison() + ' ' + random.nextInt(PARTS * MESSAGES + 20);
            case 10:
                return "ts " + comparison() + " TO_TIMESTAMP_LTZ(" + time() + ", 3)";
            case 11:
                return "v " + comparison() + ' ' + random.nextInt(5);
            case 12:
                return oneOf("v IS NULL", "region IS NULL", "id = v", "region <> 'eu'");
            default:
                return oneOf(
                        "seq BETWEEN 20 AND 150",
                        "region = CAST(NULL AS STRING)",
                        "CAST(id AS STRING) = '2'",
                        "(region = 'eu') = (v > 2)");
        }
    }

    private String region() {
        return "'" + oneOf(REGIONS) + "'";
    }

    private String comparison() {
        return oneOf("=", "<", "<=", ">", ">=");
    }

    private long time() {
        return times.get(random.nextInt(PARTS)) + random.nextInt(-3_000, 3_000);
    }

    private String oneOf(String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}

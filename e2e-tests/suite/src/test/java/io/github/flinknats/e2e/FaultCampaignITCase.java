// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random faults, one after the other, while writers write and jobs read a stream and a work queue,
 * and one copies the stream exactly once: every message arrives once, and reading never stands
 * still for long. {@code e2e-tests/campaign} runs a long one.
 */
class FaultCampaignITCase {

    private static final int FAULTS = Integer.getInteger("campaign.faults", 6);
    private static final long SEED = Long.getLong("campaign.seed", 7);

    /** The only kind of fault, or empty. */
    private static final String KIND = System.getProperty("campaign.kind", "");

    /** From the end of a fault until everything that was written before is in the sink. */
    private static final Duration LONGEST_STALL = Duration.ofSeconds(30);

    /** As above, for what is stored at the end of a checkpoint. */
    private static final Duration LONGEST_COMMIT = Duration.ofSeconds(60);

    @Test
    void everyMessageArrivesOnce() throws Exception {
        System.out.printf("campaign of %d faults, seed %d%n", FAULTS, SEED);
        try (Campaign campaign = Campaign.start(SEED, "2.3")) {
            SqlSession sql = SqlSession.open(campaign.flink());
            sql.set("parallelism.default", 2);
            Map<String, Passage> passages = new TreeMap<>();
            passages.put(
                    "stream",
                    Passage.start(
                            campaign,
                            sql,
                            "numbers",
                            campaign.stream(),
                            Passage.eachSubject(campaign.stream())));
            passages.put(
                    "queue",
                    Passage.start(
                            campaign,
                            sql,
                            "tasks",
                            campaign.queue(),
                            "'nats.stream' = '" + campaign.queue().name() + "'",
                            "'scan.durable-consumer' = '" + Campaign.DURABLE + "'"));
            Copy copy = Copy.start(campaign, sql);
            Map<String, Long> slowest = new TreeMap<>();
            for (int number = 1; number <= FAULTS; number++) {
                Campaign.Kind kind = KIND.isEmpty() ? campaign.any() : Campaign.Kind.valueOf(KIND);
                campaign.strike(kind);
                long since = System.nanoTime();
                for (Map.Entry<String, Passage> passage : passages.entrySet()) {
                    passage.getValue().awaitAll(LONGEST_STALL);
                    long millis = (System.nanoTime() - since) / 1_000_000;
                    slowest.merge(passage.getKey() + " " + kind, millis, Math::max);
                    System.out.printf(
                            "fault %d: %s, all of the %s there after %d ms%n",
                            number, kind, passage.getKey(), millis);
                }
                copy.awaitAll(passages.get("stream").written(), LONGEST_COMMIT);
                long millis = (System.nanoTime() - since) / 1_000_000;
                slowest.merge("copy " + kind, millis, Math::max);
                System.out.printf(
                        "fault %d: %s, all of the copy there after %d ms%n", number, kind, millis);
            }
            Map<String, Integer> rows = new TreeMap<>();
            for (Map.Entry<String, Passage> passage : passages.entrySet()) {
                rows.put(passage.getKey(), passage.getValue().finish());
            }
            copy.finish(rows.get("stream"));
            System.out.printf(
                    "%d faults, seed %d: rows %s, each once; slowest in ms: %s%n",
                    FAULTS, SEED, rows, slowest);
        }
    }
}

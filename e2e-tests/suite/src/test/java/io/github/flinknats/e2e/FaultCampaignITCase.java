// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random faults, one after the other, while a writer writes and a job reads: every message arrives
 * once, and reading never stands still for long. {@code e2e-tests/campaign} runs a long one.
 */
class FaultCampaignITCase {

    private static final int FAULTS = Integer.getInteger("campaign.faults", 6);
    private static final long SEED = Long.getLong("campaign.seed", 7);

    /** From the end of a fault until everything that was written before is in the sink. */
    private static final Duration LONGEST_STALL = Duration.ofSeconds(30);

    @Test
    void everyMessageArrivesOnce() throws Exception {
        System.out.printf("campaign of %d faults, seed %d%n", FAULTS, SEED);
        try (Campaign campaign = Campaign.start(SEED, "2.3")) {
            SinkFiles files = new SinkFiles(campaign.flink().directory().resolve("campaign"));
            Writer writer = Writer.start(campaign.connect(), campaign.stream(), "a", "b", "c", "d");
            Job job = read(campaign, files);
            files.awaitCount(100);
            Map<Campaign.Kind, Long> slowest = new TreeMap<>();
            for (int number = 1; number <= FAULTS; number++) {
                Campaign.Kind kind = campaign.any();
                campaign.strike(kind);
                long since = System.nanoTime();
                writer.awaitMore(20);
                files.awaitCount(writer.written(), LONGEST_STALL);
                long millis = (System.nanoTime() - since) / 1_000_000;
                slowest.merge(kind, millis, Math::max);
                System.out.printf(
                        "fault %d: %s, all there after %d ms, %d rows%n",
                        number, kind, millis, writer.written());
            }
            int count = writer.stop();
            files.awaitCount(count);
            job.awaitNextCheckpoint();
            assertThat(files.numbers())
                    .isEqualTo(LongStream.range(0, count).boxed().collect(Collectors.toList()));
            System.out.printf(
                    "%d faults, seed %d: %d rows, each once; slowest in ms: %s%n",
                    FAULTS, SEED, count, slowest);
            job.cancel();
        }
    }

    private static Job read(Campaign campaign, SinkFiles files) throws Exception {
        SqlSession sql = SqlSession.open(campaign.flink());
        sql.set("parallelism.default", 2);
        String subjects =
                "abcd"
                        .chars()
                        .mapToObj(c -> campaign.stream().subject(String.valueOf((char) c)))
                        .collect(Collectors.joining(","));
        sql.execute(
                "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'nats', 'nats.server-url' = '"
                        + campaign.url()
                        + "', 'nats.subject' = '"
                        + subjects
                        + "', 'format' = 'json')");
        sql.execute("CREATE TABLE sunk (id BIGINT) " + files.options());
        return sql.insert("INSERT INTO sunk SELECT id FROM numbers");
    }
}

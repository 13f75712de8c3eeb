// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;

/** A job that copies a stream into another one, exactly once, each subject to one of its own. */
final class Copy {
    private final Campaign campaign;
    private final TestStream output;
    private final Job job;

    private Copy(Campaign campaign, TestStream output, Job job) {
        this.campaign = campaign;
        this.output = output;
        this.job = job;
    }

    /** Starts the job, which reads what the campaign's writer writes. */
    static Copy start(Campaign campaign, SqlSession sql) throws Exception {
        TestStream input = campaign.stream();
        TestStream output = campaign.copies();
        String table =
                "CREATE TABLE %s (id BIGINT, s STRING METADATA FROM 'subject') WITH ('connector' ="
                        + " 'nats', 'nats.server-url' = '%s', 'format' = 'json', %s)";
        sql.execute(String.format(table, "originals", campaign.url(), Passage.eachSubject(input)));
        sql.execute(
                String.format(
                        table,
                        "copies",
                        campaign.url(),
                        "'nats.subject' = '"
                                + output.subjects()
                                + "', 'sink.delivery-guarantee' = 'exactly-once', 'sink.id' ="
                                + " 'copies'"));
        Job job =
                sql.insert(
                        String.format(
                                "INSERT INTO copies SELECT id, REPLACE(s, '%s.', '%s.') FROM"
                                        + " originals",
                                input.prefix(), output.prefix()));
        Copy copy = new Copy(campaign, output, job);
        copy.awaitAll(100, Duration.ofMinutes(1));
        return copy;
    }

    /** Returns when so many messages are copied. */
    void awaitAll(int count, Duration limit) {
        Await.until(
                count + " messages copied",
                limit,
                () -> output.lastSequence() >= count,
                () -> output.lastSequence() + " copied");
    }

    /** Every number is there once, and those of each subject are in order. */
    void finish(int count) throws Exception {
        awaitAll(count, Duration.ofMinutes(1));
        job.awaitNextCheckpoint();
        Numbers.of(output, campaign.connect()).assertEveryOneOnceAndInOrder(count);
        job.cancel();
    }
}

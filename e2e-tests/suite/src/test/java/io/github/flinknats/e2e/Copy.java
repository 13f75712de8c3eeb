// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A job that copies a stream into another one, exactly once, each subject to one of its own. */
final class Copy {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

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
        List<Long> all = new ArrayList<>();
        Map<String, List<Long>> bySubject = new TreeMap<>();
        for (Message message : messages()) {
            long number =
                    Long.parseLong(
                            new String(message.getData(), StandardCharsets.UTF_8)
                                    .replaceAll("\\D", ""));
            all.add(number);
            bySubject
                    .computeIfAbsent(message.getSubject(), subject -> new ArrayList<>())
                    .add(number);
        }
        all.sort(null);
        assertThat(all).isEqualTo(LongStream.range(0, count).boxed().collect(Collectors.toList()));
        bySubject.forEach((subject, numbers) -> assertThat(numbers).as(subject).isSorted());
        job.cancel();
    }

    private List<Message> messages() throws Exception {
        List<Message> messages = new ArrayList<>();
        try (Connection connection = campaign.connect()) {
            JetStreamSubscription subscription =
                    connection
                            .jetStream()
                            .subscribe(
                                    output.subjects(),
                                    PushSubscribeOptions.builder().ordered(true).build());
            long pending = Long.MAX_VALUE;
            while (pending > 0) {
                Message message = subscription.nextMessage(ANSWER_LIMIT);
                assertThat(message).as("behind " + messages.size()).isNotNull();
                messages.add(message);
                pending = message.metaData().pendingCount();
            }
        }
        return messages;
    }
}

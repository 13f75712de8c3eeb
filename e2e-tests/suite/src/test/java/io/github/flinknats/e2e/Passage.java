// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A writer, a stream, a job that reads it, and the files that the job writes. */
final class Passage {
    /** Where the messages go. */
    private static final String[] SUBJECTS = {"a", "b", "c", "d"};

    private final Writer writer;
    private final SinkFiles files;
    private final Job job;

    private Passage(Writer writer, SinkFiles files, Job job) {
        this.writer = writer;
        this.files = files;
        this.job = job;
    }

    /**
     * Starts all of it.
     *
     * @param name of the table that is read, and of the files' directory
     * @param options of that table, its subjects among them
     */
    static Passage start(
            Campaign campaign, SqlSession sql, String name, TestStream stream, String... options)
            throws Exception {
        SinkFiles files = new SinkFiles(campaign.flink().directory().resolve(name));
        StringBuilder more = new StringBuilder();
        Arrays.stream(options).forEach(option -> more.append(", ").append(option));
        sql.execute(
                String.format(
                        "CREATE TABLE %s (id BIGINT) WITH ('connector' = 'nats',"
                                + " 'nats.server-url' = '%s', 'format' = 'json'%s)",
                        name, campaign.url(), more));
        sql.execute(String.format("CREATE TABLE %s_files (id BIGINT) %s", name, files.options()));
        Writer writer = Writer.start(campaign.connect(), stream, SUBJECTS);
        Job job = sql.insert(String.format("INSERT INTO %s_files SELECT id FROM %s", name, name));
        files.awaitCount(100);
        return new Passage(writer, files, job);
    }

    /** The option that makes each subject a split. */
    static String eachSubject(TestStream stream) {
        return Arrays.stream(SUBJECTS)
                .map(stream::subject)
                .collect(Collectors.joining(",", "'nats.subject' = '", "'"));
    }

    /** Returns when everything that is written until soon after the call has come through. */
    void awaitAll(Duration limit) {
        writer.awaitMore(20);
        files.awaitCount(writer.written(), limit);
    }

    /** How many messages are stored. */
    int written() {
        return writer.written();
    }

    /** Stops, and returns how many rows there were, each of them once. */
    int finish() throws Exception {
        int count = writer.stop();
        files.awaitCount(count);
        job.awaitNextCheckpoint();
        assertThat(files.numbers())
                .isEqualTo(LongStream.range(0, count).boxed().collect(Collectors.toList()));
        job.cancel();
        return count;
    }
}

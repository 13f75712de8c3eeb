// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A SQL session per test. It keeps what was executed, to hold the test to its {@link Covers}, and
 * ends the jobs that the test leaves running.
 */
public final class SqlFixture implements BeforeEachCallback, AfterEachCallback {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<String> executed = new ArrayList<>();
    private final List<TableResult> results = new ArrayList<>();
    private final List<Running> queries = new ArrayList<>();
    private TableEnvironment env;

    /** Where the jobs of a test class run. */
    static MiniClusterExtension cluster() {
        return new MiniClusterExtension(
                new MiniClusterResourceConfiguration.Builder()
                        .setNumberTaskManagers(1)
                        .setNumberSlotsPerTaskManager(4)
                        .build());
    }

    /** The options that every table of a stream sets. */
    static String from(NatsServer server, TestStream stream) {
        return from(server.url(), stream.subjects());
    }

    static String from(String url, String subjects) {
        return "'nats.server-url' = '" + url + "', 'nats.subject' = '" + subjects + "'";
    }

    /** Waits until the stream has so many consumers. */
    static void awaitConsumers(NatsServer server, TestStream stream, int count) {
        String prefix = stream.name() + "/";
        Await.until(
                count + " consumers read " + stream.name(),
                LIMIT,
                () ->
                        server.consumers().stream().filter(c -> c.startsWith(prefix)).count()
                                == count,
                () -> server.consumers().toString());
    }

    /** Waits until a stream that others feed has got so far. */
    static void awaitLast(TestStream stream, long sequence) {
        Await.until(
                stream.name() + " has " + sequence + " messages",
                LIMIT,
                () -> stream.lastSequence() == sequence,
                () -> String.valueOf(stream.lastSequence()));
    }

    /** Waits until a stream that others feed has got so far, or further. */
    static void awaitAtLeast(TestStream stream, long sequence) {
        Await.until(
                stream.name() + " has at least " + sequence + " messages",
                LIMIT,
                () -> stream.lastSequence() >= sequence,
                () -> String.valueOf(stream.lastSequence()));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        executed.clear();
        results.clear();
        queries.clear();
        env = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        set("table.exec.resource.default-parallelism", "2");
        set("restart-strategy.type", "disable");
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        cancelAll();
        if (context.getExecutionException().isEmpty()) {
            context.getTestMethod()
                    .map(method -> method.getAnnotation(Covers.class))
                    .ifPresent(this::check);
        }
    }

    /** Ends what runs. */
    void cancelAll() throws Exception {
        for (TableResult result : results) {
            cancel(result);
        }
        queries.forEach(query -> query.collector.interrupt());
    }

    private void check(Covers claim) {
        String all = String.join("\n", executed);
        for (String option : claim.options()) {
            assertThat(all.contains("'" + option + "'") || all.contains("'" + option + "."))
                    .as("SQL sets " + option)
                    .isTrue();
        }
        for (String key : claim.metadata()) {
            assertThat(all).as("SQL reads " + key).contains("METADATA FROM '" + key + "'");
        }
    }

    /** Has jobs go on at their last checkpoint after a failure, again and again. */
    void restartJobs(String checkpointInterval) {
        set("execution.checkpointing.interval", checkpointInterval);
        set("restart-strategy.type", "fixed-delay");
        set("restart-strategy.fixed-delay.attempts", "100");
        set("restart-strategy.fixed-delay.delay", "100 ms");
    }

    /** A session with what Flink looks at only once; to be called before anything is declared. */
    void configure(String key, String value) {
        Configuration configuration = new Configuration();
        configuration.setString(key, value);
        env =
                TableEnvironment.create(
                        EnvironmentSettings.newInstance().withConfiguration(configuration).build());
        set("table.exec.resource.default-parallelism", "2");
        set("restart-strategy.type", "disable");
    }

    /** A session of jobs that end; to be called before anything is declared. */
    void inBatchMode() {
        env = TableEnvironment.create(EnvironmentSettings.inBatchMode());
        set("table.exec.resource.default-parallelism", "2");
        set("restart-strategy.type", "disable");
    }

    /** For this session. */
    void set(String key, String value) {
        env.getConfig().set(key, value);
    }

    /** A table of JSON, unless the options say otherwise. */
    void table(String name, String columns, String... options) {
        String all = String.join(", ", options);
        execute(
                "CREATE TABLE "
                        + name
                        + " ("
                        + columns
                        + ") WITH ('connector' = 'nats', "
                        + (all.contains("'format'") ? "" : "'format' = 'json', ")
                        + all
                        + ")");
    }

    TableResult execute(String sql) {
        executed.add(sql);
        TableResult result = env.executeSql(sql);
        results.add(result);
        return result;
    }

    /** What the planner makes of a query. */
    String plan(String query) {
        return env.explainSql(query);
    }

    /** All rows of a query that ends. */
    List<Row> rows(String query) {
        return start(query).rest();
    }

    /** Starts a query that does not end. */
    Running start(String query) {
        Running started = new Running(execute(query));
        queries.add(started);
        return started;
    }

    /** Writes and waits until that is done. */
    void insert(String statement) {
        try {
            execute(statement).await(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("Writing failed.", e);
        }
    }

    /** Writes, and returns everything that is said about the failure. */
    String insertFailure(String statement) {
        try {
            execute(statement).await(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            return ExceptionUtils.stringifyException(e);
        } catch (TimeoutException e) {
            throw new AssertionError("Writing neither ended nor failed.", e);
        }
        throw new AssertionError("Writing succeeded.");
    }

    /** Everything that is said about the failure of a query. */
    String failure(String query) {
        return start(query).failure();
    }

    private static void cancel(TableResult result)
            throws ExecutionException, InterruptedException, TimeoutException {
        JobClient job = result.getJobClient().orElse(null);
        if (job == null || isOver(job)) {
            return;
        }
        job.cancel().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        Await.until(
                "the job has ended",
                LIMIT,
                () -> job.getJobStatus().get().isGloballyTerminalState());
    }

    private static boolean isOver(JobClient job) throws ExecutionException, InterruptedException {
        try {
            return job.getJobStatus().get().isGloballyTerminalState();
        } catch (IllegalStateException e) {
            return true; // It had a cluster of its own, which went with it.
        }
    }

    /**
     * A query whose rows are taken one by one: what is not asked for stays in the job. A thread of
     * its own takes them, because Flink waits for rows without limit and deaf to interrupts.
     */
    static final class Running {
        private static final Object END = "the end";

        private final TableResult result;
        private final Thread collector = new Thread(this::collect, "rows of a query");
        private final BlockingQueue<Object> events = new SynchronousQueue<>();

        private Running(TableResult result) {
            this.result = result;
            collector.setDaemon(true);
            collector.start();
        }

        private void collect() {
            try {
                events.put(collected());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody takes rows any more
            }
        }

        private Object collected() throws InterruptedException {
            try (CloseableIterator<Row> rows = result.collect()) {
                while (rows.hasNext()) {
                    events.put(rows.next());
                }
                return END;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                return e;
            }
        }

        /** A row, or the end, or what failed. */
        private Object event(String awaited) {
            try {
                Object event = events.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(event).as("within " + LIMIT + ": " + awaited).isNotNull();
                return event;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + awaited, e);
            }
        }

        /** The next rows, waiting for them. */
        List<Row> next(int count) {
            List<Row> rows = new ArrayList<>();
            while (rows.size() < count) {
                Object event = event("a row");
                if (!(event instanceof Row)) {
                    throw new AssertionError(
                            event + " instead of " + count + " rows, but " + rows,
                            event instanceof Exception ? (Exception) event : null);
                }
                rows.add((Row) event);
            }
            return rows;
        }

        /** The rows until the job ends. */
        List<Row> rest() {
            List<Row> rows = new ArrayList<>();
            Object event = event("a row or the end");
            while (event instanceof Row) {
                rows.add((Row) event);
                event = event("a row or the end");
            }
            if (event instanceof Exception) {
                throw new AssertionError("The query failed after " + rows, (Exception) event);
            }
            return rows;
        }

        /** Waits for the failure and returns everything that is said about it. */
        String failure() {
            List<Object> before = new ArrayList<>();
            Object event = event("a failure");
            while (event instanceof Row) {
                before.add(event);
                event = event("a failure");
            }
            assertThat(event).as("after " + before).isInstanceOf(Exception.class);
            return ExceptionUtils.stringifyException((Exception) event);
        }

        JobClient job() {
            return result.getJobClient().orElseThrow();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.Fault;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.util.ExceptionUtils;

/** Jobs that copy a stream of numbers exactly once, and what they leave when they are killed. */
final class SqlCopies {
    /** How many numbers the jobs that are killed have to copy. */
    static final int ROWS = 50;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path directory;

    /** For checkpoints. */
    SqlCopies(Path directory) {
        this.directory = directory;
    }

    TableResult copy(
            SqlFixture session, NatsServer server, TestStream input, String to, int parallelism) {
        SqlSavepoints.prepare(session);
        session.set("execution.checkpointing.dir", directory.toUri().toString());
        session.set(
                "execution.checkpointing.externalized-checkpoint-retention",
                "RETAIN_ON_CANCELLATION");
        session.table(
                "source", "id INT", SqlFixture.from(server, input), "'scan.parallelism' = '1'");
        session.table(
                "t",
                "id INT",
                to,
                SqlExactlyOnceITCase.EXACTLY_ONCE,
                "'nats.request-timeout' = '20 s'",
                "'sink.parallelism' = '" + parallelism + "'");
        return session.execute("INSERT INTO t SELECT id FROM source");
    }

    static void publish(TestStream input, int from, int to) {
        input.publishMany("a", from, to + 1, i -> "{\"id\": " + i + "}");
    }

    /** The last complete checkpoint, which stays when its job is cancelled. */
    String checkpoint() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.endsWith("_metadata"))
                    .map(Path::getParent)
                    .max(
                            Comparator.comparingInt(
                                    path ->
                                            Integer.parseInt(
                                                    path.getFileName()
                                                            .toString()
                                                            .substring("chk-".length()))))
                    .orElseThrow()
                    .toUri()
                    .toString();
        }
    }

    /** Ends a job when so many messages have been sent, and returns its state. */
    String killedWhenMessagesAreSent(
            int count, SqlFixture session, NatsServer server, TestStream input, TestStream output)
            throws Exception {
        publish(input, 1, ROWS);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            Fault sent = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), count).hold();
            copy(session, server, input, SqlFixture.from(proxy.url(), output.subject("a")), 1);
            sent.awaitReached(LIMIT);
            proxy.refuse(true);
            proxy.cutAll();
            session.cancelAll();
        }
        return checkpoint();
    }

    /** All messages are stored, and nobody knows. */
    String killedBeforeTheAnswers(
            SqlFixture session,
            NatsServer server,
            TestStream input,
            TestStream output,
            int parallelism)
            throws Exception {
        publish(input, 1, ROWS);
        try (FaultProxy proxy = FaultProxy.start(server)) {
            Fault sent = proxy.on(Direction.FROM_CLIENT, "PUB", output.prefix(), 0).hold();
            copy(
                    session,
                    server,
                    input,
                    SqlFixture.from(proxy.url(), output.subject("a")),
                    parallelism);
            sent.awaitReached(LIMIT);
            for (int i = 0; i < 20; i++) {
                proxy.on(Direction.FROM_SERVER, "MSG", "_INBOX", 0).silence();
            }
            sent.release();
            SqlFixture.awaitLast(output, ROWS);
            session.cancelAll();
        }
        return checkpoint();
    }

    /** Why a session does not go on. */
    String failure(SqlFixture session, NatsServer server, TestStream input, TestStream output) {
        TableResult result =
                copy(session, server, input, SqlFixture.from(server.url(), output.subject("a")), 1);
        try {
            result.await();
        } catch (Exception e) {
            return ExceptionUtils.stringifyException(e);
        }
        throw new AssertionError("The job ended.");
    }
}

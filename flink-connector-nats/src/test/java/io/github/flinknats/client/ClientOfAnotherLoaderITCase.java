// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.publish.PublishSettings;
import io.github.flinknats.publish.Publisher;
import io.github.flinknats.record.Headers;
import io.github.flinknats.sink.commit.Commit;
import io.github.flinknats.sink.commit.CommitBase;
import io.github.flinknats.sink.commit.CommitResult;
import io.github.flinknats.sink.commit.CommitRunner;
import io.github.flinknats.sink.commit.CommitTraces;
import io.github.flinknats.sink.commit.PackedMessages;
import io.github.flinknats.source.config.ReadSettings;
import io.github.flinknats.source.cursor.CursorGroup;
import io.github.flinknats.source.cursor.MessageBatch;
import io.github.flinknats.source.cursor.MessageView;
import io.github.flinknats.source.cursor.SplitCursor;
import io.github.flinknats.source.split.NatsSplit;
import io.github.flinknats.source.split.SequenceRange;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import io.github.flinknats.testing.OwnServer;
import io.github.flinknats.testing.TestStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Where the NATS client lies in Flink's {@code lib} and the connector in the job's jar, the client
 * cannot see {@link FramePort}: messages then come by its dispatcher, and go out one by one.
 */
@ExtendWith(NatsServerExtension.class)
@OwnServer
@Timeout(60)
class ClientOfAnotherLoaderITCase {
    private static final int COUNT = 20_000;

    @Test
    void readsEverythingOnceAcrossARestartOfTheServer(NatsServer server, TestStream stream)
            throws Exception {
        stream.publishMany("a", 0, COUNT, i -> "m" + i);
        Runnable halfWay =
                () -> {
                    server.kill();
                    server.restart();
                };

        List<?> read =
                (List<?>)
                        new ConnectorLoader()
                                .loadClass(Reading.class.getName())
                                .getMethod("read", String.class, String.class, Runnable.class)
                                .invoke(null, server.url(), stream.name(), halfWay);

        assertThat(read)
                .isEqualTo(
                        IntStream.range(0, COUNT)
                                .mapToObj(i -> "m" + i)
                                .collect(Collectors.toList()));
    }

    @Test
    void writesEverythingOnce(NatsServer server) throws Exception {
        TestStream stream = TestStream.create(server, builder -> builder.allowAtomicPublish());
        new ConnectorLoader()
                .loadClass(Writing.class.getName())
                .getMethod("write", String.class, String.class, String.class)
                .invoke(null, server.url(), stream.name(), stream.subject("a"));
        assertThat(stream.payloads())
                .isEqualTo(
                        IntStream.range(0, 600)
                                .mapToObj(i -> "m" + i)
                                .collect(Collectors.toList()));
    }

    /** Runs with the loader's classes: a publisher, a batch and a commit message by message. */
    public static final class Writing {
        private Writing() {}

        public static void write(String url, String stream, String subject) throws Exception {
            assertThat(FramePort.isVisibleToClient()).isFalse();
            ConnectionSettings connection = ConnectionSettings.of(url);
            try (Publisher publisher =
                    new Publisher(
                            connection,
                            PublishSettings.of(1_000, 1 << 20, Timeouts.defaults()),
                            Failures.at(connection).publishing("publish to", "sink.subject"),
                            true)) {
                messages(subject, 0).forEach(publisher::send);
                publisher.flush().get();
            }
            StreamTarget target;
            try (NatsClient client =
                    NatsClient.connect(connection, NatsClient.Listener.NONE, true)) {
                target = StreamApi.await(client.streams().target(stream));
            }
            try (CommitRunner runner = new CommitRunner(connection, 1_000)) {
                commit(runner, target, true, messages(subject, 200));
                commit(runner, target, false, messages(subject, 400));
            }
        }

        private static List<OutgoingMessage> messages(String subject, int from) {
            return IntStream.range(from, from + 200)
                    .mapToObj(i -> ("m" + i).getBytes(StandardCharsets.UTF_8))
                    .map(payload -> new OutgoingMessage(subject, Headers.empty(), payload))
                    .collect(Collectors.toList());
        }

        private static void commit(
                CommitRunner runner,
                StreamTarget target,
                boolean atomic,
                List<OutgoingMessage> messages)
                throws InterruptedException {
            CommitBase base =
                    CommitBase.of(
                            target.facts().identity(),
                            target.facts().lastSequence(),
                            target.at(),
                            atomic);
            Commit commit =
                    Commit.of("id" + atomic, "sink", "writer", base, PackedMessages.of(messages));
            CommitResult result = runner.commit(commit, CommitTraces.of(List.of(commit)), true);
            assertThat(result.retries()).isZero();
        }
    }

    /** Has classes of the connector of its own, while those of the client are the parent's. */
    private static final class ConnectorLoader extends ClassLoader {
        ConnectorLoader() {
            super(ClientOfAnotherLoaderITCase.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith("io.github.flinknats.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = getParent().getResourceAsStream(file)) {
                byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** Runs with the loader's classes. */
    public static final class Reading {
        private Reading() {}

        public static List<String> read(String url, String stream, Runnable halfWay)
                throws Exception {
            assertThat(FramePort.isVisibleToClient()).isFalse();
            ConnectionSettings connection = ConnectionSettings.of(url);
            List<String> read = new ArrayList<>();
            try (CursorGroup group = new CursorGroup(connection, ReadSettings.defaults())) {
                group.add(split(connection, stream));
                boolean disturbed = false;
                boolean finished = false;
                while (!finished) {
                    group.await();
                    for (SplitCursor cursor : group.cursors()) {
                        addAll(cursor.take(), read);
                        finished = cursor.isFinished();
                    }
                    if (!disturbed && read.size() > 0) {
                        disturbed = true;
                        halfWay.run();
                    }
                }
            }
            return read;
        }

        private static void addAll(MessageBatch batch, List<String> read) {
            for (MessageView m = next(batch); m != null; m = next(batch)) {
                read.add(new String(m.payload(), StandardCharsets.UTF_8));
            }
        }

        private static MessageView next(MessageBatch batch) {
            return batch == null ? null : batch.next();
        }

        private static NatsSplit split(ConnectionSettings connection, String stream) {
            try (NatsClient client =
                    NatsClient.connect(connection, NatsClient.Listener.NONE, true)) {
                StreamFacts facts = StreamApi.await(client.streams().info(stream));
                return NatsSplit.of(
                        facts.identity(), Collections.emptyList(), SequenceRange.of(1, COUNT));
            }
        }
    }
}

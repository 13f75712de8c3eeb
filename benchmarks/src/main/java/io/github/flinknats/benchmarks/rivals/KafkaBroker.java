// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.benchmarks.rivals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker without ZooKeeper, a process of its own on this class path, from the first use on.
 */
final class KafkaBroker {
    private final AtomicInteger topics = new AtomicInteger();
    private @Nullable Running running;

    private Running running() throws Exception {
        Running known = running;
        if (known == null) {
            known = start();
            running = known;
        }
        return known;
    }

    private static final class Running {
        private final Process process;
        private final Admin admin;
        private final String address;

        Running(Process process, String address) {
            this.process = process;
            this.address = address;
            this.admin = Admin.create(Map.of("bootstrap.servers", address));
        }
    }

    private static Running start() throws Exception {
        Path directory = Files.createTempDirectory("benchmark-kafka");
        int port = freePort();
        int controller = freePort();
        Path properties = directory.resolve("server.properties");
        Files.writeString(
                properties,
                String.join(
                        "\n",
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@127.0.0.1:" + controller,
                        "controller.listener.names=CONTROLLER",
                        "listeners=PLAINTEXT://127.0.0.1:"
                                + port
                                + ",CONTROLLER://127.0.0.1:"
                                + controller,
                        "log.dirs=" + directory.resolve("log"),
                        "offsets.topic.replication.factor=1",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        ""));
        run(
                        directory,
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        "MkU3OEVBNTcwNTJENDM2Qg",
                        "-c",
                        properties.toString())
                .waitFor();
        Process process = run(directory, "kafka.Kafka", properties.toString());
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Running broker = new Running(process, "127.0.0.1:" + port);
        broker.admin.describeCluster().nodes().get(1, TimeUnit.MINUTES);
        return broker;
    }

    private static Process run(Path directory, String... command) throws IOException {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-Xmx1g",
                                "-Xms1g",
                                "-XX:+UseG1GC",
                                "-cp",
                                System.getProperty("java.class.path")));
        all.addAll(List.of(command));
        return new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("out").toFile()))
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String address() throws Exception {
        return running().address;
    }

    String newTopic() throws Exception {
        String topic = "topic" + topics.incrementAndGet();
        running()
                .admin
                .createTopics(Set.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                .all()
                .get(1, TimeUnit.MINUTES);
        return topic;
    }

    /** How many messages readers see, with a place for each end of a transaction. */
    long end(String topic, boolean committed) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try {
            return running()
                    .admin
                    .listOffsets(
                            Map.of(partition, OffsetSpec.latest()),
                            new ListOffsetsOptions(
                                    committed
                                            ? IsolationLevel.READ_COMMITTED
                                            : IsolationLevel.READ_UNCOMMITTED))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void close() {
        Running known = running;
        if (known != null) {
            known.admin.close();
            known.process.destroy();
        }
    }
}

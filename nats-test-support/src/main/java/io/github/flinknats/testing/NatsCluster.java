// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import io.nats.client.Connection;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Several servers as one cluster, for replicated streams. The nodes do not tell clients each
 * other's addresses: a client goes only where the test sends it, through a {@link FaultProxy} for
 * instance. The first node is number 0.
 */
public final class NatsCluster implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 3;

    private final List<NatsServer> nodes = new ArrayList<>();
    private final List<Integer> routePorts = new ArrayList<>();
    private final ControlConnection control =
            new ControlConnection(() -> urls().toArray(new String[0]), options -> {});

    private NatsCluster(int size, String config) {
        for (int i = 0; i < size; i++) {
            routePorts.add(Ports.free());
        }
        String routes =
                routePorts.stream()
                        .map(port -> "\"nats://127.0.0.1:" + port + "\"")
                        .collect(Collectors.joining(", ", "[", "]"));
        for (int i = 0; i < size; i++) {
            nodes.add(
                    NatsServer.builder()
                            .clusterNode()
                            .config("server_name: " + name(i))
                            .config(
                                    "cluster {\n  name: test\n  no_advertise: true\n  listen: \""
                                            + "127.0.0.1:"
                                            + routePorts.get(i)
                                            + "\"\n  routes: "
                                            + routes
                                            + "\n}")
                            .config(config)
                            .build());
        }
    }

    /** A cluster that has found itself: replicated streams can be made. */
    public static NatsCluster start(int size) {
        return start(size, "");
    }

    /** As above, with lines for each node's configuration file. */
    public static NatsCluster start(int size, String config) {
        AssertionError last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            NatsCluster cluster = new NatsCluster(size, config);
            try {
                cluster.launch();
                return cluster;
            } catch (AssertionError e) {
                boolean again = cluster.nodes.stream().anyMatch(NatsServer::lostItsPort);
                cluster.close();
                if (!again) {
                    throw e;
                }
                last = e;
            }
        }
        throw new AssertionError("another process always took a port", last);
    }

    public int size() {
        return nodes.size();
    }

    /** A node, to be killed, paused and restarted like any server. */
    public NatsServer node(int number) {
        return nodes.get(number);
    }

    public List<String> urls() {
        return nodes.stream().map(NatsServer::url).collect(Collectors.toList());
    }

    /** All URLs, separated by commas. */
    public String url() {
        return String.join(",", urls());
    }

    /** A new connection to any node; the caller closes it. */
    public Connection connect() {
        return control.open(options -> {});
    }

    /** A new connection with options of your own; the caller closes it. */
    public Connection connect(Consumer<Options.Builder> customizer) {
        return control.open(customizer);
    }

    /** A stream with a replica on each node, unless the customizer says otherwise. */
    public TestStream createStream(Consumer<StreamConfiguration.Builder> customizer) {
        TestStream stream =
                TestStream.create(
                        control,
                        builder -> {
                            builder.replicas(size());
                            customizer.accept(builder);
                        });
        awaitLeader(stream.name());
        Await.until("the stream takes messages", LIMIT, stream::takesMessages);
        return stream;
    }

    /** The node that says it leads the stream, if there is one. */
    public OptionalInt leaderOf(String stream) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).isAlive() && leads(i, stream)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Waits until the stream has a leader that the fixture's connection reaches; returns its
     * number.
     */
    public int awaitLeader(String stream) {
        Await.until("a leader of " + stream, LIMIT, () -> leaderOf(stream).isPresent(), this::logs);
        // The connection may have lost its node, or have found a new one to which the leader does
        // not know the way back yet: a single question could stay without an answer.
        Await.until(
                "the leader of " + stream + " answers",
                LIMIT,
                () -> ControlConnection.answers(control.get(), "$JS.API.STREAM.INFO." + stream),
                this::logs);
        return leaderOf(stream).orElseThrow();
    }

    /** Waits until every living node has caught up with its peers. */
    public void awaitHealthy() {
        Await.until(
                "all living nodes are healthy",
                LIMIT,
                () ->
                        nodes.stream()
                                .filter(NatsServer::isAlive)
                                .allMatch(node -> node.monitor().healthy("")),
                this::logs);
    }

    /** Starts all nodes that are down, at once: one alone would have no majority. */
    public void restartAll() {
        launch();
        control.awaitConnected();
    }

    @Override
    public void close() {
        control.close();
        nodes.forEach(NatsServer::close);
        routePorts.forEach(Ports::giveBack);
    }

    private void launch() {
        List<NatsServer> down =
                nodes.stream().filter(node -> !node.isAlive()).collect(Collectors.toList());
        down.forEach(NatsServer::launch);
        down.forEach(NatsServer::awaitReady);
        Await.until("the cluster has found itself", LIMIT, this::isComplete, this::logs);
        awaitHealthy();
    }

    /** Whether a leader knows all the others and hears of them. */
    private boolean isComplete() {
        for (NatsServer node : nodes) {
            JsonValue meta = JsonValueUtils.readObject(node.monitor().json("/jsz"), "meta_cluster");
            List<JsonValue> peers = ServerMonitor.array(meta, "replicas");
            if (peers.size() == nodes.size() - 1
                    && peers.stream().allMatch(NatsCluster::isCurrent)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCurrent(JsonValue peer) {
        return JsonValueUtils.readBoolean(peer, "current")
                && !JsonValueUtils.readBoolean(peer, "offline");
    }

    private boolean leads(int node, String stream) {
        JsonValue jsz = nodes.get(node).monitor().json("/jsz?accounts=true&streams=true");
        for (JsonValue account : ServerMonitor.array(jsz, "account_details")) {
            for (JsonValue detail : ServerMonitor.array(account, "stream_detail")) {
                JsonValue raft = JsonValueUtils.readObject(detail, "cluster");
                if (stream.equals(JsonValueUtils.readString(detail, "name"))
                        && name(node).equals(JsonValueUtils.readString(raft, "leader"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private String logs() {
        return nodes.stream().map(NatsServer::log).collect(Collectors.joining("\n----\n"));
    }

    private static String name(int node) {
        return "n" + node;
    }

    @Override
    public String toString() {
        return nodes.toString();
    }
}

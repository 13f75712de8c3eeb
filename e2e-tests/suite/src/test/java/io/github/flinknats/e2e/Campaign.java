// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.Await;
import io.github.flinknats.testing.Direction;
import io.github.flinknats.testing.FaultProxy;
import io.github.flinknats.testing.NatsCluster;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import io.nats.client.Connection;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A cluster of NATS, a proxy in front of each of its nodes, a Flink session cluster, and the ways
 * to hurt them. Each fault is over when {@link #strike} returns; what it left behind may not be.
 */
final class Campaign implements AutoCloseable {

    /** What can happen. */
    enum Kind {
        KILL_LEADER,
        KILL_ANY_NODE,
        FREEZE_LEADER,
        LAME_DUCK,
        STEP_DOWN,
        CUT_CONNECTIONS,
        SILENCE_SERVER,
        DELETE_CONSUMERS,
        KILL_TASK_MANAGER,
        KILL_JOB_MANAGER
    }

    /** The consumer of the work queue. */
    static final String DURABLE = "tasks";

    private static final int NODES = 3;

    /** How long what a killed TaskManager held is kept back. */
    private static final Duration ACK_WAIT = Duration.ofSeconds(5);

    private static final Duration LEAVING = Duration.ofSeconds(60);

    private final Random random;
    private final NatsCluster nats;
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final FlinkProcesses flink;
    private final TestStream stream;
    private final TestStream queue;
    private final TestStream copies;

    private Campaign(long seed, NatsCluster nats, FlinkProcesses flink) throws Exception {
        this.random = new Random(seed);
        this.nats = nats;
        this.flink = flink;
        for (int i = 0; i < NODES; i++) {
            proxies.add(FaultProxy.start(nats.node(i)));
        }
        this.stream = nats.createStream(builder -> builder.replicas(NODES));
        this.queue =
                nats.createStream(
                        builder ->
                                builder.replicas(NODES).retentionPolicy(RetentionPolicy.WorkQueue));
        this.copies = nats.createStream(builder -> builder.replicas(NODES).allowAtomicPublish());
        queue.management()
                .addOrUpdateConsumer(
                        queue.name(),
                        ConsumerConfiguration.builder()
                                .durable(DURABLE)
                                .filterSubject(queue.subject("*"))
                                .ackPolicy(AckPolicy.Explicit)
                                .ackWait(ACK_WAIT)
                                .maxAckPending(50_000)
                                .build());
    }

    /** Clusters, a replicated stream and a replicated work queue. */
    static Campaign start(long seed, String flinkVersion) throws Exception {
        NatsCluster nats = NatsCluster.start(NODES);
        try {
            return new Campaign(
                    seed, nats, FlinkProcesses.startRecovering(flinkVersion, "tm-0", "tm-1"));
        } catch (Exception | Error e) {
            nats.close();
            throw e;
        }
    }

    FlinkProcesses flink() {
        return flink;
    }

    TestStream stream() {
        return stream;
    }

    /** A replicated work queue with the consumer {@link #DURABLE}. */
    TestStream queue() {
        return queue;
    }

    /** A replicated stream to write to. */
    TestStream copies() {
        return copies;
    }

    /** A connection that no proxy disturbs. */
    Connection connect() {
        return nats.connect();
    }

    /** The nodes as the job sees them. */
    String url() {
        return proxies.stream().map(FaultProxy::url).collect(Collectors.joining(","));
    }

    Kind any() {
        return Kind.values()[random.nextInt(Kind.values().length)];
    }

    /** Breaks something, for a while where that applies, and mends what does not mend itself. */
    void strike(Kind kind) throws Exception {
        switch (kind) {
            case KILL_LEADER:
                killed(nats.node(nats.awaitLeader(either().name())));
                return;
            case KILL_ANY_NODE:
                killed(nats.node(random.nextInt(NODES)));
                return;
            case FREEZE_LEADER:
                NatsServer leader = nats.node(nats.awaitLeader(either().name()));
                leader.pause();
                lasts(5_000);
                leader.resume();
                nats.awaitHealthy();
                return;
            case LAME_DUCK:
                NatsServer leaving = nats.node(random.nextInt(NODES));
                leaving.lameDuck();
                Await.until("the server has left", LEAVING, () -> !leaving.isAlive());
                leaving.restart();
                nats.awaitHealthy();
                return;
            case STEP_DOWN:
                stepDown();
                return;
            case CUT_CONNECTIONS:
                proxies.forEach(FaultProxy::cutAll);
                return;
            case SILENCE_SERVER:
                for (FaultProxy proxy : proxies) {
                    proxy.on(Direction.FROM_SERVER, "MSG", random.nextInt(50)).silence();
                }
                lasts(8_000);
                proxies.forEach(FaultProxy::heal);
                return;
            case DELETE_CONSUMERS:
                for (String consumer : stream.management().getConsumerNames(stream.name())) {
                    stream.management().deleteConsumer(stream.name(), consumer);
                }
                return;
            case KILL_TASK_MANAGER:
                String victim = "tm-" + random.nextInt(2);
                flink.kill(victim);
                lasts(2_000);
                flink.launchTaskManager(victim);
                flink.awaitSlots(2 * FlinkProcesses.SLOTS);
                return;
            case KILL_JOB_MANAGER:
                flink.kill(FlinkProcesses.JOB_MANAGER);
                lasts(2_000);
                flink.launchJobManager();
                flink.awaitSlots(2 * FlinkProcesses.SLOTS);
                return;
        }
        throw new IllegalStateException("Unknown fault " + kind);
    }

    private void killed(NatsServer node) throws InterruptedException {
        node.kill();
        lasts(3_000);
        node.restart();
        nats.awaitHealthy();
    }

    /** The stream that is read, or the one that is written. */
    private TestStream either() {
        return random.nextBoolean() ? stream : copies;
    }

    private void stepDown() throws Exception {
        String name = either().name();
        try (Connection connection = nats.connect()) {
            connection.request(
                    "$JS.API.STREAM.LEADER.STEPDOWN." + name, new byte[0], Duration.ofSeconds(5));
        }
        nats.awaitLeader(name);
    }

    /** For how long a fault goes on: part of the fault, nothing waits for anything here. */
    private void lasts(int atMostMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(atMostMillis));
    }

    @Override
    public void close() {
        flink.close();
        proxies.forEach(FaultProxy::close);
        nats.close();
    }
}

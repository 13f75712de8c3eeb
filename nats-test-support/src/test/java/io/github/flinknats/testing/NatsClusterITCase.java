// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NatsClusterITCase {

    @Test
    void keepsAReplicatedStreamWhenItsLeaderIsKilled() throws Exception {
        try (NatsCluster cluster = NatsCluster.start(3)) {
            TestStream stream = cluster.createStream(builder -> {});
            stream.publishMany("a", 0, 100, number -> "m" + number);

            int leader = cluster.awaitLeader(stream.name());
            cluster.node(leader).kill();
            int next = cluster.awaitLeader(stream.name());
            assertThat(next).isNotEqualTo(leader);
            assertThat(stream.lastSequence()).isEqualTo(100);

            cluster.node(leader).restart();
            cluster.awaitHealthy();
            assertThat(stream.publish("a", "x")).isEqualTo(101);

            try (Connection connection = cluster.connect()) {
                assertThat(connection.getServerInfo().getConnectURLs()).isEmpty();
            }
        }
    }

    @Test
    void comesBackAsAWhole() {
        try (NatsCluster cluster = NatsCluster.start(3)) {
            TestStream stream = cluster.createStream(builder -> {});
            stream.publish("a", "x");
            for (int i = 0; i < cluster.size(); i++) {
                cluster.node(i).kill();
            }
            cluster.restartAll();
            cluster.awaitLeader(stream.name());
            assertThat(stream.payloads()).containsExactly("x");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DevServerITCase {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void publishesOrdersUntilInterrupted() throws Exception {
        int port = Ports.free();
        try (DevServer dev = DevServer.start(port)) {
            assertThat(dev.greeting()).contains("'nats.server-url' = 'nats://127.0.0.1:" + port);
            Thread runner = new Thread(() -> runQuietly(dev));
            runner.start();
            Await.until("orders come", LIMIT, () -> dev.orders().lastSequence() >= 3);
            runner.interrupt();
            runner.join();
            assertThat(dev.orders().payloads().get(0))
                    .startsWith("{\"id\": 1, \"customer\": \"cust");
        } finally {
            Ports.giveBack(port);
        }
    }

    private static void runQuietly(DevServer dev) {
        try {
            dev.run();
        } catch (Exception e) {
            // Interrupted, as the test wants it.
        }
    }
}

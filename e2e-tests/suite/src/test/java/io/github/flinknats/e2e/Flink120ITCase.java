// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import org.junit.jupiter.api.Test;

class Flink120ITCase extends FlinkTests {
    Flink120ITCase() {
        super("1.20");
    }

    @Test
    void bucketJoin(NatsServer server) throws Exception {
        bucketJoinFollowsChangesFromOutside(server);
    }

    @Test
    void exactlyOnce(NatsServer server, TestStream stream) throws Exception {
        rowsAreWrittenOnceAcrossAFailureAndASavepoint(server, stream);
    }
}

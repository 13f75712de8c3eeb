// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.e2e;

import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.TestStream;
import org.junit.jupiter.api.Test;

class Flink23ITCase extends FlinkTests {
    Flink23ITCase() {
        super("2.3");
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

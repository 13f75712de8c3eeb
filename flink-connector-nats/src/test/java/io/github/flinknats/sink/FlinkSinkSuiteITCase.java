// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink;

import io.github.flinknats.SuiteServer;
import java.util.concurrent.TimeUnit;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.testframe.environment.MiniClusterTestEnvironment;
import org.apache.flink.connector.testframe.junit.annotations.TestContext;
import org.apache.flink.connector.testframe.junit.annotations.TestEnv;
import org.apache.flink.connector.testframe.junit.annotations.TestExternalSystem;
import org.apache.flink.connector.testframe.junit.annotations.TestSemantics;
import org.apache.flink.connector.testframe.testsuites.SinkTestSuiteBase;
import org.apache.flink.core.execution.CheckpointingMode;
import org.junit.jupiter.api.Timeout;

/** Flink's own acceptance suite for sinks. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FlinkSinkSuiteITCase extends SinkTestSuiteBase<String> {
    @TestEnv final MiniClusterTestEnvironment cluster = new MiniClusterTestEnvironment();

    @TestExternalSystem final SuiteServer nats = new SuiteServer();

    @TestSemantics
    final CheckpointingMode[] semantics = new CheckpointingMode[] {CheckpointingMode.AT_LEAST_ONCE};

    @TestContext
    final SuiteSinkContext.Factory context =
            new SuiteSinkContext.Factory(nats, DeliveryGuarantee.AT_LEAST_ONCE);
}

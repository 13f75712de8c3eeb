// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.source;

import io.github.flinknats.SuiteServer;
import java.util.concurrent.TimeUnit;
import org.apache.flink.connector.testframe.environment.MiniClusterTestEnvironment;
import org.apache.flink.connector.testframe.junit.annotations.TestContext;
import org.apache.flink.connector.testframe.junit.annotations.TestEnv;
import org.apache.flink.connector.testframe.junit.annotations.TestExternalSystem;
import org.apache.flink.connector.testframe.junit.annotations.TestSemantics;
import org.apache.flink.connector.testframe.testsuites.SourceTestSuiteBase;
import org.apache.flink.core.execution.CheckpointingMode;
import org.junit.jupiter.api.Timeout;

/**
 * Flink's own acceptance suite for sources. It waits without end where it fails, hence the limit.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FlinkSourceSuiteITCase extends SourceTestSuiteBase<String> {
    @TestEnv final MiniClusterTestEnvironment cluster = new MiniClusterTestEnvironment();

    @TestExternalSystem final SuiteServer nats = new SuiteServer();

    @TestSemantics
    final CheckpointingMode[] semantics = new CheckpointingMode[] {CheckpointingMode.EXACTLY_ONCE};

    @TestContext final SuiteContext.Factory context = new SuiteContext.Factory(nats);
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.testing.BucketJoinStory;
import io.github.flinknats.testing.NatsServer;
import io.github.flinknats.testing.NatsServerExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The example of the documentation, across a savepoint. */
@ExtendWith(NatsServerExtension.class)
@Timeout(120)
class DocsBucketJoinITCase {
    @RegisterExtension static final MiniClusterExtension CLUSTER = SqlFixture.cluster();

    @RegisterExtension final SqlFixture sql = new SqlFixture();

    @RegisterExtension final SqlSavepoints savepoints = new SqlSavepoints();

    @TempDir Path directory;

    @Test
    void joinsABucketThatIsChangedFromOutside(NatsServer server) throws Exception {
        SqlSavepoints.prepare(sql);
        try (BucketJoinStory story = BucketJoinStory.begin(server)) {
            JobClient job = start(sql, server);
            story.untilTheSavepoint();
            String savepoint =
                    job.stopWithSavepoint(
                                    false,
                                    directory.toUri().toString(),
                                    SavepointFormatType.CANONICAL)
                            .get(30, TimeUnit.SECONDS);
            story.whileItIsDown();
            SqlFixture restored = savepoints.restore(savepoint);
            start(restored, server);
            story.afterTheSavepoint();
            restored.cancelAll();
        }
    }

    private static JobClient start(SqlFixture session, NatsServer server) throws Exception {
        List<String> statements =
                BucketJoinStory.statements(
                        Path.of(System.getProperty("project.root", "..")),
                        "'nats.server-url' = '" + server.url() + "'");
        JobClient job = null;
        for (String statement : statements) {
            job = session.execute(statement).getJobClient().orElse(null);
        }
        return job;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.sink.commit.Commit;
import java.util.Collection;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;

/**
 * Collects the messages of a checkpoint and hands them out as commits.
 *
 * @param <T> type of the records
 */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class StagingWriter<T> implements CommittingSinkWriter<T, Commit> {
    private final NatsWriter<T> writer;
    private final StagingOutlet staged;

    StagingWriter(NatsWriter<T> writer, StagingOutlet staged) {
        this.writer = writer;
        this.staged = staged;
    }

    @Override
    public void write(T element, Context context) throws InterruptedException {
        writer.write(element, context);
    }

    @Override
    public void flush(boolean endOfInput) throws InterruptedException {
        writer.flush(endOfInput);
    }

    @Override
    public Collection<Commit> prepareCommit() throws InterruptedException {
        return staged.takeCommits();
    }

    @Override
    public void close() {
        writer.close();
    }
}

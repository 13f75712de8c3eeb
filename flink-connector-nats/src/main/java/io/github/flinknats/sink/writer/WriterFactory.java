// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.client.ConnectionSettings;
import io.github.flinknats.client.Failures;
import io.github.flinknats.client.PublishFailures;
import io.github.flinknats.publish.PublishSettings;
import io.github.flinknats.publish.Publisher;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.sink.commit.CommitPreparer;
import io.github.flinknats.sink.commit.SinkClaim;
import io.github.flinknats.sink.config.WriteSettings;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** Makes the writer of a subtask. */
@Internal
public final class WriterFactory {
    private static final long MOST_BYTES_IN_FLIGHT = 32L << 20;

    private final ConnectionSettings connection;
    private final WriteSettings settings;

    public WriterFactory(ConnectionSettings connection, WriteSettings settings) {
        this.connection = connection;
        this.settings = settings;
    }

    /** A writer of records that the serializer, which is open, makes messages of. */
    public <T> NatsWriter<T> create(WriterInitContext context, NatsRecordSerializer<T> serializer) {
        WriterMetrics metrics = new WriterMetrics(context.metricGroup());
        return new NatsWriter<>(
                serializer,
                settings.flush(),
                context.getProcessingTimeService(),
                metrics,
                publishing(context, metrics));
    }

    /** As {@link #create}, but the messages wait for a commit. */
    public <T> StagingWriter<T> createStaging(
            WriterInitContext context, NatsRecordSerializer<T> serializer) {
        WriterMetrics metrics = new WriterMetrics(context.metricGroup());
        String sinkId = Objects.requireNonNull(settings.sinkId());
        CommitPreparer preparer = new CommitPreparer(connection, sinkId);
        boolean first = context.getTaskInfo().getIndexOfThisSubtask() == 0;
        String job = context.getJobInfo().getJobId().toString();
        StagingOutlet staged =
                new StagingOutlet(
                        preparer,
                        preparer.start(first ? new SinkClaim(sinkId, job) : null),
                        failures(),
                        context.getMailboxExecutor(),
                        metrics.errors());
        return new StagingWriter<>(
                new NatsWriter<>(
                        serializer,
                        settings.flush(),
                        context.getProcessingTimeService(),
                        metrics,
                        staged),
                staged);
    }

    private PublishFailures failures() {
        return Failures.at(connection).publishing("publish to", "sink.subject");
    }

    private Outlet publishing(WriterInitContext context, WriterMetrics metrics) {
        PublishSettings limits =
                PublishSettings.of(
                        settings.maxInFlight(), MOST_BYTES_IN_FLIGHT, connection.timeouts());
        if (settings.guarantee() == DeliveryGuarantee.NONE) {
            limits = limits.unacknowledged();
        }
        PublishFailures failures = failures();
        // Subjects are made of values, so any may come.
        Publisher publisher = new Publisher(connection, limits, failures, true);
        WriterMetrics.publishing(context.metricGroup(), publisher::statistics);
        // The publisher fails by itself when nothing goes on for the outage timeout.
        Duration patience = connection.timeouts().outage().multipliedBy(2).plusSeconds(10);
        return new PublishingOutlet(
                publisher, failures, patience, context.getMailboxExecutor(), metrics.errors());
    }
}

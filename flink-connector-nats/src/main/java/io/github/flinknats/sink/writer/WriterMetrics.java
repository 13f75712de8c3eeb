// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.publish.PublishStatistics;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;

/** What a writer shows: the metrics of FLIP-33, and how publishing goes. Task thread. */
final class WriterMetrics {
    private final Counter records;
    private final Counter bytes;
    private final Counter errors;

    WriterMetrics(SinkWriterMetricGroup group) {
        this.records = group.getNumRecordsSendCounter();
        this.bytes = group.getNumBytesSendCounter();
        this.errors = group.getNumRecordsSendErrorsCounter();
    }

    /** Also shows how a publisher gets on. */
    static void publishing(SinkWriterMetricGroup group, Supplier<PublishStatistics> statistics) {
        group.setCurrentSendTimeGauge(() -> statistics.get().sendMillis());
        group.gauge("inFlight", () -> statistics.get().inFlight());
        group.gauge("retries", () -> statistics.get().retries());
        group.gauge("recognisedRepeats", () -> statistics.get().recognised());
    }

    void onSent(long size) {
        records.inc();
        bytes.inc(size);
    }

    void onError() {
        errors.inc();
    }

    Counter errors() {
        return errors;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.sink.writer;

import io.github.flinknats.OwnedBy;
import io.github.flinknats.ThreadRole;
import io.github.flinknats.client.Failures;
import io.github.flinknats.publish.OutgoingMessage;
import io.github.flinknats.record.NatsRecordSerializer;
import io.github.flinknats.record.OutgoingRecord;
import io.github.flinknats.sink.config.FlushSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes records: each becomes a message, waits in the buffer if there is one, and goes out.
 *
 * @param <T> type of the records
 */
@Internal
@OwnedBy(ThreadRole.TASK)
public final class NatsWriter<T> implements SinkWriter<T> {
    private final NatsRecordSerializer<T> serializer;
    private final Messages messages = new Messages();
    private final @Nullable UpsertBuffer buffer;
    private final FlushSettings flush;
    private final ProcessingTimeService time;
    private final WriterMetrics metrics;
    private final Outlet outlet;
    private @Nullable ScheduledFuture<?> timer;

    NatsWriter(
            NatsRecordSerializer<T> serializer,
            FlushSettings flush,
            ProcessingTimeService time,
            WriterMetrics metrics,
            Outlet outlet) {
        this.serializer = serializer;
        Integer maxRows = flush.maxRows();
        this.buffer =
                flush.isOn()
                        ? new UpsertBuffer(maxRows == null ? Integer.MAX_VALUE : maxRows)
                        : null;
        this.flush = flush;
        this.time = time;
        this.metrics = metrics;
        this.outlet = outlet;
    }

    @Override
    public void write(T element, Context context) throws InterruptedException {
        OutgoingMessage message = message(element);
        if (message == null) {
            return;
        }
        UpsertBuffer kept = buffer;
        if (kept == null) {
            send(message);
            return;
        }
        kept.put(message);
        if (kept.isFull()) {
            drain(kept);
        } else {
            startTimer();
        }
    }

    private @Nullable OutgoingMessage message(T element) {
        try {
            OutgoingRecord record = serializer.serialize(element);
            return record == null ? null : messages.of(record);
        } catch (IOException | IllegalArgumentException e) {
            metrics.onError();
            throw Failures.unwritable(e);
        }
    }

    private void send(OutgoingMessage message) throws InterruptedException {
        outlet.send(message);
        metrics.onSent(message.bytes());
    }

    private void drain(UpsertBuffer kept) throws InterruptedException {
        stopTimer();
        for (OutgoingMessage message : kept.drain()) {
            send(message);
        }
    }

    private void startTimer() {
        Duration interval = flush.interval();
        if (interval != null && timer == null) {
            timer =
                    time.registerTimer(
                            time.getCurrentProcessingTime() + interval.toMillis(), at -> onTimer());
        }
    }

    private void onTimer() throws InterruptedException {
        timer = null;
        UpsertBuffer kept = buffer;
        if (kept != null) {
            drain(kept);
        }
    }

    private void stopTimer() {
        ScheduledFuture<?> running = timer;
        timer = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void flush(boolean endOfInput) throws InterruptedException {
        UpsertBuffer kept = buffer;
        if (kept != null) {
            drain(kept);
        }
        outlet.flush();
    }

    @Override
    public void close() {
        stopTimer();
        outlet.close();
    }
}

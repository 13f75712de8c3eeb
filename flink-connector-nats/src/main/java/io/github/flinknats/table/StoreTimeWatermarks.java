// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.FactoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * What {@code SOURCE_WATERMARK()} means: a stream stores its messages in the order of their store
 * time, so the time of a message is the watermark of its split. The options for watermarks that the
 * planner honours for declared expressions are honoured here.
 */
final class StoreTimeWatermarks implements Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean onEvent;
    private final @Nullable Duration idleTimeout;
    private final @Nullable Alignment alignment;

    private StoreTimeWatermarks(
            boolean onEvent, @Nullable Duration idleTimeout, @Nullable Alignment alignment) {
        this.onEvent = onEvent;
        this.idleTimeout = idleTimeout;
        this.alignment = alignment;
    }

    /**
     * Reads Flink's own options.
     *
     * @param options of the table, before those of the session
     */
    static StoreTimeWatermarks of(ReadableConfig options, ReadableConfig session) {
        Duration idle =
                options.getOptional(FactoryUtil.SOURCE_IDLE_TIMEOUT)
                        .orElseGet(
                                () ->
                                        session.get(
                                                ExecutionConfigOptions
                                                        .TABLE_EXEC_SOURCE_IDLE_TIMEOUT));
        return new StoreTimeWatermarks(
                options.get(FactoryUtil.WATERMARK_EMIT_STRATEGY).isOnEvent(),
                isPositive(idle) ? idle : null,
                Alignment.of(options));
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    WatermarkStrategy<RowData> strategy() {
        WatermarkStrategy<RowData> strategy =
                onEvent ? context -> new EveryEvent() : WatermarkStrategy.forMonotonousTimestamps();
        if (idleTimeout != null) {
            strategy = strategy.withIdleness(idleTimeout);
        }
        if (alignment != null) {
            strategy =
                    strategy.withWatermarkAlignment(
                            alignment.group, alignment.maxDrift, alignment.updateInterval);
        }
        return strategy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof StoreTimeWatermarks)) {
            return false;
        }
        StoreTimeWatermarks that = (StoreTimeWatermarks) other;
        return onEvent == that.onEvent
                && Objects.equals(idleTimeout, that.idleTimeout)
                && Objects.equals(alignment, that.alignment);
    }

    @Override
    public int hashCode() {
        return Objects.hash(onEvent, idleTimeout, alignment);
    }

    @Override
    public String toString() {
        return (onEvent ? "on event" : "periodic")
                + ", idle after "
                + idleTimeout
                + ", alignment "
                + alignment;
    }

    /** How far the sources of a group may be apart. */
    private static final class Alignment implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String group;
        private final Duration maxDrift;
        private final Duration updateInterval;

        private Alignment(String group, Duration maxDrift, Duration updateInterval) {
            this.group = group;
            this.maxDrift = maxDrift;
            this.updateInterval = updateInterval;
        }

        private static @Nullable Alignment of(ReadableConfig options) {
            String group = options.getOptional(FactoryUtil.WATERMARK_ALIGNMENT_GROUP).orElse("");
            Duration drift =
                    options.getOptional(FactoryUtil.WATERMARK_ALIGNMENT_MAX_DRIFT)
                            .orElse(Duration.ZERO);
            Duration interval = options.get(FactoryUtil.WATERMARK_ALIGNMENT_UPDATE_INTERVAL);
            return group.trim().isEmpty() || !isPositive(drift) || !isPositive(interval)
                    ? null
                    : new Alignment(group, drift, interval);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (!(other instanceof Alignment)) {
                return false;
            }
            Alignment that = (Alignment) other;
            return group.equals(that.group)
                    && maxDrift.equals(that.maxDrift)
                    && updateInterval.equals(that.updateInterval);
        }

        @Override
        public int hashCode() {
            return Objects.hash(group, maxDrift, updateInterval);
        }

        @Override
        public String toString() {
            return group + " within " + maxDrift + " every " + updateInterval;
        }
    }

    /** Emits with every message instead of now and then. */
    private static final class EveryEvent implements WatermarkGenerator<RowData> {
        @Override
        public void onEvent(RowData event, long eventTimestamp, WatermarkOutput output) {
            output.emitWatermark(new Watermark(eventTimestamp - 1));
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkAlignmentParams;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.api.Test;

class StoreTimeWatermarksTest {

    @Test
    void followsTheStoreTime() {
        Emitted output = new Emitted();
        WatermarkGenerator<RowData> generator =
                generator(StoreTimeWatermarks.of(options(), options()).strategy());

        generator.onEvent(new GenericRowData(0), 1_000, output);
        generator.onEvent(new GenericRowData(0), 2_000, output);
        assertThat(output.watermarks).isEmpty();
        generator.onPeriodicEmit(output);

        assertThat(output.watermarks).containsExactly(1_999L);
    }

    @Test
    void emitsWithEveryEventWhenAsked() {
        Emitted output = new Emitted();
        WatermarkGenerator<RowData> generator =
                generator(
                        StoreTimeWatermarks.of(
                                        options("scan.watermark.emit.strategy", "on-event"),
                                        options())
                                .strategy());

        generator.onEvent(new GenericRowData(0), 1_000, output);
        generator.onEvent(new GenericRowData(0), 2_000, output);
        generator.onPeriodicEmit(output);

        assertThat(output.watermarks).containsExactly(999L, 1_999L);
    }

    @Test
    void alignsWithItsGroup() {
        WatermarkAlignmentParams params =
                StoreTimeWatermarks.of(
                                options(
                                        "scan.watermark.alignment.group", "g",
                                        "scan.watermark.alignment.max-drift", "1min",
                                        "scan.watermark.alignment.update-interval", "2s"),
                                options())
                        .strategy()
                        .getAlignmentParameters();

        assertThat(params.getWatermarkGroup()).isEqualTo("g");
        assertThat(params.getMaxAllowedWatermarkDrift()).isEqualTo(60_000);
        assertThat(params.getUpdateInterval()).isEqualTo(2_000);
        assertThat(
                        StoreTimeWatermarks.of(
                                        options("scan.watermark.alignment.group", "g"), options())
                                .strategy()
                                .getAlignmentParameters()
                                .isEnabled())
                .isFalse();
    }

    @Test
    void takesTheIdleTimeoutOfTheTableBeforeThatOfTheSession() {
        Configuration session = options("table.exec.source.idle-timeout", "5s");

        assertThat(idle(options("scan.watermark.idle-timeout", "7s"), session))
                .isEqualTo(Duration.ofSeconds(7).toString());
        assertThat(idle(options(), session)).isEqualTo(Duration.ofSeconds(5).toString());
        assertThat(idle(options(), options())).isEqualTo("null");
        assertThat(idle(options("scan.watermark.idle-timeout", "0s"), session)).isEqualTo("null");
    }

    private static String idle(Configuration table, Configuration session) {
        String text = StoreTimeWatermarks.of(table, session).toString();
        return text.replaceAll(".*idle after (\\S+),.*", "$1");
    }

    private static Configuration options(String... pairs) {
        Configuration options = new Configuration();
        for (int i = 0; i < pairs.length; i += 2) {
            options.addAll(Configuration.fromMap(Map.of(pairs[i], pairs[i + 1])));
        }
        return options;
    }

    @SuppressWarnings("NullAway") // the strategies under test ask for nothing
    private static WatermarkGenerator<RowData> generator(WatermarkStrategy<RowData> strategy) {
        return strategy.createWatermarkGenerator(null);
    }

    private static final class Emitted implements WatermarkOutput {
        private final List<Long> watermarks = new ArrayList<>();

        @Override
        public void emitWatermark(Watermark watermark) {
            watermarks.add(watermark.getTimestamp());
        }

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    }
}

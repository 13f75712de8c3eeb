// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T09:30:00Z,                      2026-01-31T09:30:00Z",
        "2026-01-31T09:30:00.123456789Z,            2026-01-31T09:30:00.123456789Z",
        "2026-01-31T09:30:00+05:30,                 2026-01-31T04:00:00Z",
        "2026-01-31T09:30:00-05:00[America/Bogota], 2026-01-31T14:30:00Z",
        "2026-01-31T09:30:00,                       2026-01-31T08:30:00Z",
        "2026-07-31T09:30:00,                       2026-07-31T07:30:00Z",
        "2026-01-31 09:30:00,                       2026-01-31T08:30:00Z",
        "2026-01-31 09:30,                          2026-01-31T08:30:00Z",
        "2026-01-31,                                2026-01-30T23:00:00Z",
        "1769851800000,                             2026-01-31T09:30:00Z",
        "0,                                         1970-01-01T00:00:00Z",
        "-1,                                        1969-12-31T23:59:59.999Z"
    })
    void readsIsoAndMillis(String text, Instant instant) {
        assertThat(Timestamps.parse(text, BERLIN)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "yesterday", "2026-02-30", "2026-01-31T25:00:00", "31.01.2026", "1.5"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> Timestamps.parse(text, BERLIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "'"
                                + text
                                + "' is not a point in time: write ISO-8601, such as"
                                + " '2026-01-31T09:30:00Z', or milliseconds since the epoch.");
    }
}
